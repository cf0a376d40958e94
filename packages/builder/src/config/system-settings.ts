import { isIP } from 'node:net';
import { Problem, parseByteSize, show } from '@micro-linux/provision';
import type { PackagesConfig } from './config.ts';
import { packageOf } from './package-name.ts';
import type { NtpConfig, ZramSize } from './system.ts';

/** Refuses what is neither an address nor a name in DNS. */
export function checkTimeServer(server: string): Problem | undefined {
  const isName =
    server.length <= 253 &&
    /^(?=.*[a-z])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.?)+$/i.test(server) &&
    !server.includes('..');
  return isIP(server) !== 0 || isName
    ? undefined
    : new Problem(
        `${show(server)} is not a time server`,
        'write a name such as ntp.example.org, or an address, without a port',
      );
}

/** Packages that conflict with systemd-timesyncd, for which `ntp` is. */
const OTHER_CLOCKS = ['chrony', 'ntpsec', 'openntpd', 'ntp'];

/** Refuses time servers for a program that is not in the image. */
export function checkNtp(ntp: NtpConfig, packages: PackagesConfig): Problem | undefined {
  const other = packages.add.map(packageOf).find((name) => OTHER_CLOCKS.includes(name));
  if (ntp.servers.length + ntp.fallback.length === 0) {
    return undefined;
  }
  if (other !== undefined) {
    return new Problem(
      `is for systemd-timesyncd, which ${show(other)} under packages.add replaces`,
      `remove it, and configure ${other} with a file of its own`,
      { at: ['ntp'] },
    );
  }
  return packages.remove.includes('systemd-timesyncd')
    ? new Problem(
        'is for systemd-timesyncd, which is under packages.remove',
        'keep one of the two',
        { at: ['ntp'] },
      )
    : undefined;
}

/** Largest share of the memory: what is in zram is compressed to a third, so 200 % may still fit. */
const MAXIMUM_PERCENT = 200;

/** Reads `50%` of the memory, or a size such as `512M`. */
export function parseZramSize(text: string | number): ZramSize | Problem {
  const [, digits] = /^(\d+) ?%$/.exec(String(text)) ?? [];
  if (digits !== undefined) {
    const percent = Number(digits);
    return percent >= 1 && percent <= MAXIMUM_PERCENT
      ? { kind: 'percent', percent }
      : new Problem(
          `${show(text)} is out of range`,
          `write 1% to ${MAXIMUM_PERCENT}% of the memory, or a size such as 512M`,
        );
  }
  const bytes = parseByteSize(text);
  return bytes instanceof Problem
    ? new Problem(bytes.what, 'write a share of the memory such as 50%, or a size such as 512M')
    : { kind: 'bytes', bytes };
}

/** Refuses a variable that could not be set everywhere, or that would break the system's own programs. */
export function checkVariable(name: string, value: string): Problem | undefined {
  const at = { at: [name] };
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return new Problem(
      `${show(name)} is not the name of a variable`,
      'write letters, digits and _ , such as HTTP_PROXY',
      at,
    );
  }
  const elsewhere = ELSEWHERE.find(({ names }) => names.test(name));
  if (elsewhere) {
    return new Problem(`${show(name)} ${elsewhere.why}`, elsewhere.fix, at);
  }
  // Three programs read it, each with its own quoting: pam_env, systemd, and environment.d.
  return /["'\\#`]|[^\u0020-\uFFFF]/.test(value) || value !== value.trim()
    ? new Problem(
        'has a value with quotes, \\, # or `, a line break, or spaces at its ends',
        'set it where it is needed: Environment= of a unit',
        at,
      )
    : undefined;
}

/** Variables that are set in another way, or not at all. */
const ELSEWHERE: readonly { readonly names: RegExp; readonly why: string; readonly fix: string }[] =
  [
    {
      names: /^(?:LANG|LANGUAGE|LC_\w+)$/,
      why: 'is the locale',
      fix: 'write it under `locale`',
    },
    { names: /^TZ$/, why: 'is the time zone', fix: 'write it under `timezone`' },
    {
      names: /^(?:HOME|USER|LOGNAME|SHELL|TERM|PWD|MAIL|XDG_RUNTIME_DIR)$/,
      why: 'is set for each login',
      fix: 'remove it',
    },
    {
      names:
        /^(?:PATH|IFS|ENV|BASH_ENV|POSIXLY_CORRECT|LD_\w+|GCONV_PATH|NODE_OPTIONS|NODE_PATH|SYSTEMD_\w+|NOTIFY_SOCKET|LISTEN_\w+|WATCHDOG_\w+|MICRO_LINUX\w*|OTA_AGENT\w*)$/,
      why: "changes how the system's own programs run, the health checks among them",
      fix: 'set it for your service only: Environment= of its unit',
    },
  ];
