import { OfferingOption } from '@micro-linux/core/cli';
import { type Command, Option } from 'commander';
import { PROFILE_NAMES } from '../profiles/index.ts';
import { numberOrText } from './environment.ts';
import type { Override } from './override.ts';

/** A command-line flag that sets a key. */
export interface ConfigFlag {
  /** With its dashes: `--disk-size`. */
  readonly flag: string;
  /** What its value is, for `--help`; undefined for a switch. */
  readonly value: string | undefined;
  readonly path: readonly string[];
  readonly help: string;
  /** A flag that may be repeated: whether its values replace the file's list or add to it. */
  readonly list?: 'replace' | 'append';
  /** What a switch sets. */
  readonly sets?: string | boolean;
  /** What its value can be, for shell completion. */
  readonly offers?: readonly string[];
}

/**
 * Every key that has a flag. `boot`, `cloudInit`, `hooks`, `prune`, archives and the installer's commands have none:
 * they belong to a product, not a run.
 */
export const CONFIG_FLAGS: readonly ConfigFlag[] = [
  flag('--profile', 'name', ['profile'], PROFILE_NAMES.join(', '), PROFILE_NAMES),
  flag('--image-version', 'version', ['version'], 'version of the image, such as 1.2.3'),
  flag(
    '--compatible',
    'id',
    ['compatible'],
    'product id: devices accept only updates for their own',
  ),
  flag('--mirror', 'url', ['mirror'], "package mirror, instead of the file's"),
  flag('--security-mirror', 'url', ['mirror', 'security'], 'mirror of the security updates'),
  flag('--keyring', 'file', ['keyring'], "keyring with the mirror's signing keys"),
  flag('--mirror-auth', 'file', ['mirrorAuth'], "file with the mirror's login (apt_auth.conf)"),
  list('--add-package', 'name', ['packages', 'add'], 'append', 'package to install'),
  list(
    '--local-package',
    'file',
    ['packages', 'local'],
    'append',
    '.deb file or folder to install',
  ),
  list('--remove-package', 'name', ['packages', 'remove'], 'append', 'package to leave out'),
  flag('--kernel-package', 'name', ['kernel', 'package'], 'kernel package'),
  list('--kernel-argument', 'argument', ['kernel', 'arguments'], 'append', 'kernel argument'),
  flag('--hostname', 'name', ['hostname'], 'host name of the device'),
  flag('--user', 'name', ['user', 'name'], 'login name'),
  list('--ssh-key', 'key', ['user', 'sshKeys'], 'append', 'public key, or a .pub file'),
  flag('--password-policy', 'policy', ['user', 'password'], 'generate or disabled', [
    ...['generate', 'disabled'],
  ]),
  flag(
    '--password-hash',
    'hash',
    ['user', 'password'],
    'crypt(3) hash; visible in the process list, so never a plain password',
  ),
  toggle('--no-password', ['user', 'password'], 'disabled', 'SSH keys only'),
  flag('--network', 'kind', ['network', 'kind'], 'dhcp, static or none', [
    ...['dhcp', 'static', 'none'],
  ]),
  flag('--interface', 'name', ['network', 'interface'], 'network interface'),
  flag('--address', 'ip', ['network', 'address'], 'static address, without prefix length'),
  flag('--prefix', 'bits', ['network', 'prefix'], 'prefix length of the static address'),
  flag('--gateway', 'ip', ['network', 'gateway'], 'router of the static network'),
  list('--dns', 'ip', ['network', 'dns'], 'replace', 'DNS server of the static network'),
  flag('--disk-size', 'size', ['disk', 'size'], 'size of the disk, such as 8G'),
  flag('--slot-size', 'size', ['disk', 'slot'], 'size of each of the two root file systems'),
  flag('--esp-size', 'size', ['disk', 'esp'], 'size of the EFI system partition'),
  flag(
    '--sector-size',
    'bytes',
    ['disk', 'sectorSize'],
    '512, or 4096 for a 4Kn disk (UEFI only)',
    [...['512', '4096']],
  ),
  list('--console', 'name', ['console'], 'replace', 'kernel console, such as ttyS0,115200'),
  flag('--timezone', 'zone', ['timezone'], 'time zone, such as Europe/Berlin'),
  flag('--locale', 'locale', ['locale'], 'locale, such as de_DE.UTF-8'),
  flag(
    '--rollback-index',
    'number',
    ['update', 'rollbackIndex'],
    'number below which devices accept no image',
  ),
  list(
    '--trusted-key',
    'file',
    ['update', 'trustedKeys'],
    'append',
    'public key that devices trust',
  ),
  list(
    '--revoked-key',
    'id',
    ['update', 'revokedKeys'],
    'append',
    'id of a key that devices no longer accept',
  ),
  flag('--key', 'file', ['update', 'signingKey'], 'private key that signs the update'),
  flag('--sign-command', 'command', ['update', 'signCommand'], 'shell command that signs it'),
  flag('--public-key', 'file', ['update', 'signingPublicKey'], 'public key of --sign-command'),
  flag('--threshold', 'number', ['update', 'threshold'], 'how many signatures devices require'),
  flag('--compression-level', 'level', ['update', 'compressionLevel'], 'zstd level, 1 to 22'),
  flag('--minimum-agent', 'version', ['update', 'minimumAgent'], 'oldest agent for the update'),
  flag(
    '--install-size',
    'which',
    ['install', 'disk', 'size'],
    'install to the largest or smallest',
    ['largest', 'smallest'],
  ),
  flag('--install-serial', 'text', ['install', 'disk', 'serial'], 'of the disk to install to'),
  flag('--install-model', 'text', ['install', 'disk', 'model'], 'of the disk to install to'),
  flag('--install-path', 'path', ['install', 'disk', 'path'], 'of the disk to install to'),
  flag('--install-ssd', 'true|false', ['install', 'disk', 'ssd'], 'whether it must be an SSD', [
    ...['true', 'false'],
  ]),
  flag(
    '--install-countdown',
    'seconds',
    ['install', 'countdownSeconds'],
    'time in which a key press stops an ISO, 1 to 600',
  ),
  flag('--install-shutdown', 'how', ['install', 'shutdown'], 'reboot or poweroff at the end', [
    ...['reboot', 'poweroff'],
  ]),
  toggle(
    '--preserve-data',
    ['install', 'preserveData'],
    true,
    'keep a data partition that is there',
  ),
];

/** Flags whose key is a number. */
const NUMBERS: ReadonlySet<string> = new Set([
  '--prefix',
  '--rollback-index',
  '--threshold',
  '--compression-level',
  '--install-countdown',
  '--sector-size',
]);

/** What commander makes of the options that {@link addConfigOptions} adds. */
export interface ConfigOptions {
  /** From `--config`: the file to read. */
  readonly config?: string;
  /** From `--variant`. */
  readonly variant?: string;
  readonly [name: string]: unknown;
}

/**
 * Adds `--config FILE`, `--variant NAME` and a flag for each key to a command; returns the command.
 * Values are not checked here but by the loader, together with everything else.
 */
export function addConfigOptions(command: Command): Command {
  const group = 'Configuration (overrides the config file and the environment):';
  command.addOption(
    new Option(
      '--config <file>',
      'config file (default: micro-linux.yaml, if it exists)',
    ).helpGroup(group),
  );
  command.addOption(variantOption().helpGroup(group));
  for (const { flag: name, value, help, list: how, offers = [] } of CONFIG_FLAGS) {
    if (value === undefined) {
      command.addOption(new Option(name, help).helpGroup(group));
      continue;
    }
    const dots = how ? '...' : '';
    const note = how ? ` (${how === 'append' ? 'adds to' : 'replaces'} the file's list)` : '';
    command.addOption(
      new OfferingOption(`${name} <${value}${dots}>`, `${help}${note}`, { offers }).helpGroup(
        group,
      ),
    );
  }
  return command;
}

/** For every command that reads the config file. */
export function variantOption(): Option {
  return new Option('--variant <name>', 'which of the variants in the config file');
}

/** The overrides in a command's parsed options, for `loadConfig`; other options are ignored. */
export function configFlags(options: Readonly<Record<string, unknown>>): Override[] {
  return CONFIG_FLAGS.flatMap((known) => {
    const { flag: name, path, list: how = 'replace' } = known;
    const option = new Option(name);
    const given = options[option.attributeName()];
    const origin = { kind: 'flag', flag: name } as const;
    if (known.sets !== undefined) {
      return given === !option.negate ? [{ path, value: known.sets, origin, how }] : [];
    }
    return given === undefined ? [] : [{ path, value: flagValue(name, given), origin, how }];
  });
}

function flagValue(name: string, given: unknown): unknown {
  if (NUMBERS.has(name)) {
    return numberOrText(String(given));
  }
  // Anything else stays text, which the schema will refuse.
  return name === '--install-ssd' && (given === 'true' || given === 'false')
    ? given === 'true'
    : given;
}

function flag(
  name: string,
  value: string,
  path: readonly string[],
  help: string,
  offers: readonly string[] = [],
): ConfigFlag {
  return { flag: name, value, path, help, offers };
}

function list(
  name: string,
  value: string,
  path: readonly string[],
  how: 'replace' | 'append',
  help: string,
): ConfigFlag {
  return { flag: name, value, path, help, list: how };
}

function toggle(
  name: string,
  path: readonly string[],
  sets: string | boolean,
  help: string,
): ConfigFlag {
  return { flag: name, value: undefined, path, help, sets };
}
