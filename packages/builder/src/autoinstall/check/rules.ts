/** How bad a finding is: an error stops or spoils the installation; a warning may be meant. */
export type Severity = 'error' | 'warning';

interface Rule {
  readonly severity: Severity;
  /** What is looked at, for docs/guides/seed.md. */
  readonly about: string;
}

const error = (about: string): Rule => ({ severity: 'error', about });
const warning = (about: string): Rule => ({ severity: 'warning', about });

/** Every rule by its id. Ids are stable: people search for them, scripts may count on them. */
export const RULES = {
  syntax: error('the file is YAML, as PyYAML reads it'),
  'first-line': error('user-data begins with `#cloud-config`; cloud-init ignores it if not'),
  'no-autoinstall': error('there is something under `autoinstall`'),
  'misplaced-key': error(
    'keys of autoinstall are under `autoinstall`: outside of it they are ignored',
  ),
  'live-session': warning('keys beside `autoinstall` that configure the installer, not the system'),
  'unknown-key': error('misspelt and misplaced keys, which Subiquity drops in silence'),
  'newer-key': warning('keys that the installer of 24.04 does not know yet'),
  'duplicate-key': error('no key is written twice: the last one would win in silence'),
  schema: error("types and needed keys, as Subiquity's own schema has them"),
  'cloud-init': error('what `cloud-init schema` says, where cloud-init is installed'),
  interactive: warning('`interactive-sections` make the installation stop and ask'),
  'no-identity': error('there is a user: Subiquity ends without `identity` or `user-data`'),
  'user-name': error('names that useradd or the installer refuse, and names of the system'),
  'host-name': error('host names by RFC 1123'),
  'plain-password': error('passwords are crypt(5) hashes'),
  'weak-hash': warning('MD5 hashes, which are quickly guessed'),
  'no-login': error('somebody can log in'),
  'ssh-key': error('authorized keys are public, whole, and of a kind that OpenSSH takes'),
  'ssh-server': warning('`ssh` settings that count only with `install-server: true`'),
  'storage-form': error(
    '`layout` or `config`, not both; a layout, `swap` and `grub` that noble can carry out',
  ),
  'storage-action': error(
    'entries of `config` have a type, an id of their own, and the keys and values the installer takes',
  ),
  'storage-value': warning('values that the installer takes, but not as they are written'),
  'storage-version-1': warning(
    'what the installer refuses unless its kernel line has `subiquity-storage-version=2`',
  ),
  'storage-version-2': warning('what it refuses if its kernel line has that'),
  'storage-ignored': warning("keys and entries of curtin's that Subiquity passes over"),
  'storage-reference': error('ids that entries refer to stand before them, and are of a fit kind'),
  'storage-size': error('sizes are bytes, `512M`, `4G` or `50%`; not `512MiB`'),
  'storage-last': error('`size: -1` is for the last partition of a disk in the list'),
  'storage-root': error('something is mounted at /'),
  'storage-boot': error('firmware finds a boot loader: `grub_device` where it belongs'),
  'storage-one-firmware': warning('the seed boots by BIOS and by UEFI'),
  'storage-disk': warning('the rules for the disk leave out the medium of the installer'),
  'storage-many-disks': warning(
    'several disks in one list, which 24.04 places wrongly (LP 2146858)',
  ),
  'storage-filesystem': error('file systems that can be made, FAT for the EFI system partition'),
  'storage-label': warning('labels fit their file system: FAT 11 characters, ext4 16'),
  'storage-too-large': error('the partitions fit on the disk that `--disk-size` names'),
  'nested-network': warning('`network` within `network`: a slip that Subiquity puts up with'),
  'network-key': error(
    'keys that netplan knows, where it knows them, and those a device must have',
  ),
  'network-value': error(
    'values of the kind that netplan takes: numbers, true or false, its words',
  ),
  'network-reference': error('devices that others name are in the network, and in one place'),
  'network-address': error('IP addresses, with a prefix length where one belongs'),
  'network-router': error('routers that the device can reach'),
  'network-deprecated': warning('`gateway4` and `gateway6`, which netplan gives up'),
  'network-match': warning('rules on MAC address or driver: cloud-init waits for what never comes'),
  'network-wait': warning('devices without `optional: true`: the boot waits two minutes for them'),
  semicolon: error('`ds=nocloud;s=…` is in quotes: a bare `;` ends the command'),
  'command-reboot': warning('commands that reboot: the installer is cut off before its end'),
  'boot-autoinstall': error(
    'the kernel command line contains `autoinstall`; without it the installer asks for confirmation',
  ),
  'boot-nothing': error('a grub.cfg has a line that boots a kernel of the installer'),
  'boot-syntax': error('a grub.cfg closes its quotes and braces'),
  'boot-variable': warning('arguments of the kernel that are in no variable from elsewhere'),
  'boot-seed-path': error('the path after `s=` is one that cloud-init looks in'),
  'boot-arguments': error('arguments for the installer stand before `---`'),
  'boot-storage': warning('`subiquity-storage-version=2`: without it partitions get no names'),
  'not-honoured': error("what micro-linux's own installer does not do (`--installer micro-linux`)"),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof RULES;
