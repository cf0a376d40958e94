import { MicroLinuxError, shellQuote } from '@micro-linux/core';
import type { HookStage } from '../../config/hooks.ts';
import { HOOK_INPUTS, HOOK_PLACE, type Hook } from './hook-files.ts';

/** What every hook learns about the build, in environment variables. */
export interface HookBuild {
  readonly profile: string;
  readonly version: string;
  readonly compatible: string;
  readonly sourceDateEpoch: number;
}

/** Environment of a hook; docs/guides/hooks.md lists it. */
export function hookEnvironment(
  stage: HookStage,
  build: HookBuild,
): Readonly<Record<string, string>> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LC_ALL: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
    SOURCE_DATE_EPOCH: String(build.sourceDateEpoch),
    MICRO_LINUX_STAGE: stage,
    MICRO_LINUX_PROFILE: build.profile,
    MICRO_LINUX_VERSION: build.version,
    MICRO_LINUX_COMPATIBLE: build.compatible,
    MICRO_LINUX_INPUTS: HOOK_INPUTS,
  };
}

/** Lines around the output of a hook, to find it again. */
const BEGIN = '== hook ';
const FAILED = '== failed hook ';

/** Seconds between TERM and KILL when the time is over. */
const GRACE_SECONDS = 5;

/** Those of timeout(1): the time was over, and it had to kill. */
const TIMED_OUT = [124, 137];

/** Lines of its output that an error shows. */
const SHOWN_LINES = 12;

/** Variables with the proxies of the host, for hooks that use the network. */
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy'];

/**
 * mmdebstrap's customize hooks that run scripts of the product inside the root `$1`, one after the
 * other. Each has its own process namespace, which ends with it, and no network unless it asks for
 * it. Nothing of their files stays.
 *
 * @param tars the files of each hook.
 */
export function hookCommands(
  hooks: readonly Hook[],
  stage: HookStage,
  build: HookBuild,
  tars: readonly string[],
): readonly string[] {
  return hooks.flatMap((hook, index) => [
    `--customize-hook=mkdir -p "$1${HOOK_PLACE}"`,
    `--customize-hook=tar-in ${shellQuote(tars[index] ?? '')} ${HOOK_PLACE}`,
    `--customize-hook=${runHook(hook, index, hookEnvironment(stage, build))}`,
    `--customize-hook=rm -rf "$1${HOOK_PLACE}"`,
  ]);
}

function runHook(hook: Hook, index: number, environment: Readonly<Record<string, string>>): string {
  const variables = Object.entries(environment).map(([name, value]) =>
    shellQuote(`${name}=${value}`),
  );
  const proxies = hook.network ? PROXIES.map((name) => `\${${name}:+"${name}=$${name}"}`) : [];
  const command = [`${HOOK_PLACE}/${hook.name}`, ...hook.arguments].map(shellQuote);
  // The shell is process 1 of the namespace: all others end with it.
  const inside = [
    'mount -t proc proc "$0/proc" 2>/dev/null',
    ['env -i', ...variables, ...proxies, 'chroot "$0"', ...command, '</dev/null'].join(' '),
    'exit $?',
  ].join('; ');
  const namespaces = [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    ...(hook.network ? [] : ['--net']),
  ];
  return [
    `exec >&2; echo ${shellQuote(`${BEGIN}${index}: ${hook.name}`)}`,
    `timeout --kill-after=${GRACE_SECONDS} ${hook.timeoutSeconds} ` +
      `unshare ${namespaces.join(' ')} sh -c ${shellQuote(inside)} "$1" || ` +
      `{ echo "${FAILED}${index}: $?"; exit 1; }`,
  ].join('; ');
}

/**
 * The error for a hook that failed, from everything mmdebstrap printed; undefined: none did.
 */
export function explainHook(
  output: string,
  hooks: readonly Hook[],
  log: string | undefined,
): MicroLinuxError | undefined {
  const failed = /^== failed hook (\d+): (\d+)$/m.exec(output);
  const hook = hooks[Number(failed?.[1] ?? -1)];
  if (failed === null || hook === undefined) {
    return undefined;
  }
  const status = Number(failed[2]);
  const before = output.slice(0, failed.index).trimEnd().split('\n');
  const lines = before.slice(before.findLastIndex((line) => line.startsWith(BEGIN)) + 1);
  return new MicroLinuxError({
    code: 'hook-failed',
    message: TIMED_OUT.includes(status)
      ? `${hook.where}: ${hook.script} did not end within ${hook.timeoutSeconds} seconds`
      : `${hook.where}: ${hook.script} ended with status ${status}`,
    why: [
      ...(lines.length === 0
        ? ['it printed nothing']
        : ['its last lines:', ...lines.slice(-SHOWN_LINES)]),
      ...(log === undefined ? [] : [`full log: ${log}`]),
    ].join('\n'),
    hint: TIMED_OUT.includes(status)
      ? 'make it faster, or give it more time: timeoutSeconds'
      : 'correct the script; docs/guides/hooks.md lists what it may use, and network: true gives it the network',
    details: { hook: hook.script, status, ...(log === undefined ? {} : { log }) },
  });
}
