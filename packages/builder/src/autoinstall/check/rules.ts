/** How bad a finding is. An error stops or breaks the installation; a warning may be intended. */
export type Severity = 'error' | 'warning';

interface Rule {
  readonly severity: Severity;
  /** What is checked, for docs/guides/seed.md. */
  readonly about: string;
}

const error = (about: string): Rule => ({ severity: 'error', about });
const warning = (about: string): Rule => ({ severity: 'warning', about });

/** Every rule by its id. Ids are stable: people search for them, and scripts may depend on them. */
export const RULES = {
  syntax: error('the file is YAML, as PyYAML reads it'),
  'first-line': error('user-data begins with `#cloud-config`; otherwise cloud-init ignores it'),
  'no-autoinstall': error('`autoinstall` has contents'),
  'misplaced-key': error('keys of autoinstall are under `autoinstall`; elsewhere they are ignored'),
  'live-session': warning('keys beside `autoinstall` that configure the installer, not the system'),
  'unknown-key': error('misspelled and misplaced keys, which Subiquity silently drops'),
  'empty-section': warning('sections with nothing below them, which Subiquity treats as missing'),
  'newer-key': warning('keys that the installer of 24.04 does not support yet'),
  'duplicate-key': error('no key is written twice: the last one would silently win'),
  schema: error("types and required keys, as in Subiquity's own schema"),
  'cloud-config': error("`user-data` passes cloud-init's schema: Subiquity refuses it otherwise"),
  'cloud-init': error('what `cloud-init schema` reports, if cloud-init is installed'),
  interactive: warning('`interactive-sections`, which make the installation stop and ask'),
  'no-identity': error('there is a user: Subiquity fails without `identity` or `user-data`'),
  'user-name': error(
    'user names that useradd or the installer refuses, and names reserved for the system',
  ),
  'host-name': error('host names follow RFC 1123'),
  'plain-password': error('passwords are crypt(5) hashes'),
  'weak-hash': warning('MD5 hashes, which are quickly cracked'),
  'no-login': error('somebody can log in'),
  'ssh-key': error('authorized keys are public keys, complete, and of a type that OpenSSH accepts'),
  'ssh-server': warning('`ssh` settings that have no effect without `install-server: true`'),
  keyboard: error('keyboard layouts that the installer knows, and for each a variant that it has'),
  'time-zone': error('time zones of the tz database, `geoip`, or nothing'),
  reporting: error('reporters of a type that the installer has, with keys that it accepts'),
  'apt-mirrors': error('`apt` has `mirror-selection` or `primary`, not both'),
  'storage-form': error(
    '`layout` or `config`, not both; a layout, `swap` and `grub` that 24.04 supports',
  ),
  'storage-action': error(
    'entries of `config` have a type, a unique id, and keys and values that the installer accepts',
  ),
  'storage-value': warning('values that the installer reads differently from how they are written'),
  'storage-version-1': warning(
    'entries that the installer refuses unless the kernel command line has `subiquity-storage-version=2`',
  ),
  'storage-version-2': warning('entries that it refuses if the kernel command line has it'),
  'storage-ignored': warning("curtin's keys and entries that Subiquity ignores"),
  'storage-reference': error('entries refer to ids of earlier entries, of a suitable type'),
  'storage-size': error('sizes are bytes, `512M`, `4G` or `50%`; not `512MiB`'),
  'storage-last': error('`size: -1` is only on the last partition of a disk'),
  'storage-root': error('a file system is mounted at /'),
  'storage-boot': error('the firmware finds a boot loader: `grub_device` is in the right place'),
  'storage-one-firmware': warning('the installed system boots by BIOS and by UEFI'),
  'storage-disk': warning('the rules for the disk exclude the installation medium'),
  'storage-many-disks': warning(
    'several disks in one list, which 24.04 assigns wrongly (LP 2146858)',
  ),
  'storage-filesystem': error(
    'file systems that the installer can create, FAT for the EFI system partition',
  ),
  'storage-label': warning('labels are short enough: 11 characters for FAT, 16 for ext4'),
  'storage-too-large': error('the partitions fit on a disk of `--disk-size`'),
  'nested-network': warning('`network` inside `network`, a mistake that Subiquity accepts'),
  'network-key': error(
    'keys that netplan supports in that place, and keys that a device must have',
  ),
  'network-value': error(
    'values of the type that netplan expects: numbers, true or false, its keywords',
  ),
  'network-reference': error('devices that others refer to exist, and are used in one place only'),
  'network-address': error('IP addresses, with a prefix length where one belongs'),
  'network-router': error('the device can reach its routers'),
  'network-deprecated': warning('`gateway4` and `gateway6`, which are deprecated in netplan'),
  'network-match': warning(
    'rules on MAC address or driver: cloud-init waits for a device that never appears',
  ),
  'network-wait': warning(
    'devices without `optional: true`: the boot waits up to two minutes for them',
  ),
  semicolon: error('`ds=nocloud;s=…` is in quotes: a bare `;` ends the command'),
  'command-reboot': warning('commands that reboot: they interrupt the installer'),
  'boot-autoinstall': error(
    'the kernel command line contains `autoinstall`; without it the installer asks for confirmation',
  ),
  'boot-nothing': error("a grub.cfg has a command that boots the installer's kernel"),
  'boot-syntax': error('a grub.cfg closes its quotes and braces'),
  'boot-variable': warning('kernel arguments that contain variables set in another file'),
  'boot-seed-path': error('cloud-init can read the path after `s=`'),
  'boot-arguments': error('arguments for the installer stand before `---`'),
  'boot-storage': warning('`subiquity-storage-version=2`, without which partitions get no names'),
  'not-honoured': error(
    "keys and values that micro-linux's own installer does not support (`--installer micro-linux`)",
  ),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
