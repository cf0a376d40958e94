export {
  type AgentConfig,
  agentConfigSchema,
  defaultConfig,
  MAXIMUM_HOSTS,
  splitHost,
} from './agent-config/agent-config.ts';
export { isHealthCheckName } from './agent-config/health-check-name.ts';
export { type BiosBootSectors, BOOT_CODE_BYTES, biosBootSectors } from './disk/bios-boot.ts';
export { derivedUuid } from './disk/derived-uuid.ts';
export { diskLayout, type PlacedPartition, placed } from './disk/disk-layout.ts';
export type { DiskMatch } from './disk/disk-match.ts';
export {
  type DiskSizes,
  END_RESERVE_BYTES,
  ESP_START_BYTES,
  MINIMUM_DATA_BYTES,
  MINIMUM_ESP_BYTES,
  neededDiskBytes,
} from './disk/disk-sizes.ts';
export {
  DATA_FEATURES,
  DATA_ON_ERROR,
  DATA_ROOT_PERCENT,
  FileSystemLabel,
  READABLE_BY_GRUB,
} from './disk/file-systems.ts';
export { fits } from './disk/glob.ts';
export { espBytesOn, isSectorBytes, SECTOR_SIZES, type SectorBytes } from './disk/sector-bytes.ts';
export { partitionUuid, sfdiskScript } from './disk/sfdisk-script.ts';
export { accountEntries } from './identity/account-entries.ts';
export {
  type AccountFiles,
  addUser,
  FIRST_USER_ID,
  hasAccount,
  joinGroups,
  type NewUser,
  readAccounts,
  setPasswords,
  type UserPassword,
} from './identity/accounts.ts';
export { agentState, STATE_DIRECTORY } from './identity/agent-state.ts';
export { dataTree, isUtc } from './identity/data-tree.ts';
export type { Identity } from './identity/identity.ts';
export type {
  DhcpNetwork,
  InterfacesNetwork,
  NetworkSettings,
  NoNetwork,
  StaticNetwork,
} from './identity/network-settings.ts';
export { networkdFile } from './identity/networkd.ts';
export { type InstallManifest, installManifestSchema } from './medium/install-manifest.ts';
export {
  INSTALL_TARGET,
  LIVE_SLOT_FILE,
  MEDIUM_DIRECTORY,
  MediumPath,
} from './medium/medium-path.ts';
export { checkInterfaces, toInterfaces } from './network/check-interfaces.ts';
export { interfaceFiles } from './network/interface-files.ts';
export {
  BOND_MODES,
  HASH_POLICIES,
  type InterfaceDraft,
  type InterfaceDrafts,
  type InterfaceSettings,
  type Interfaces,
  kindOf,
  LACP_RATES,
  ROUTE_SCOPES,
} from './network/interface-settings.ts';
export { NO_WIFI_PASSWORD, withoutSecrets } from './network/secrets.ts';
export { loadYaml } from './pyyaml/load-yaml.ts';
export type { Node as YamlNode } from './pyyaml/node.ts';
export { EndlessValue, keyText, keyTextOf, plainValue } from './pyyaml/plain-value.ts';
export { isPlainText } from './pyyaml/resolve.ts';
export type { PyKey, PyValue } from './pyyaml/value.ts';
export { YamlError } from './pyyaml/yaml-error.ts';
export { type Group, groupIn, isGroup, listIn, textIn, valueIn } from './seed/group.ts';
export type { HonouredFinding } from './seed/honoured-finding.ts';
export { honouredFindings } from './seed/honoured-findings.ts';
export type { InstallCommand } from './seed/install-program.ts';
export {
  INSTALL_PROGRAM,
  type InstallStage,
  installCommand,
  SOURCE_ID,
} from './seed/install-program.ts';
export type { InstallSeed } from './seed/install-seed.ts';
export { keyOutsideSeeds } from './seed/interface-devices.ts';
export { type NetplanDevice, type NetworkSection, networkSection } from './seed/network-section.ts';
export { readInstallSeed } from './seed/read-install-seed.ts';
export {
  type StorageOptions,
  type StorageSection,
  storageSection,
} from './seed/storage-section.ts';
export { parseStorageSize, type StorageSize } from './seed/storage-size.ts';
export { type UserDataSection, userDataSection } from './seed/user-data-section.ts';
export type { TreeDirectory, TreeEntry, TreeFile, TreeLink } from './tree/tree-entry.ts';
export { formatByteSize, parseByteSize } from './values/byte-size.ts';
export { checkHostname } from './values/hostname.ts';
export { checkHostnameTemplate, isHostnameTemplate } from './values/hostname-template.ts';
export {
  checkCommand,
  checkDiskPath,
  checkDiskPattern,
  checkDiskRanges,
} from './values/install-rules.ts';
export {
  checkAddress,
  checkGateway,
  checkHostAddress,
  checkInterface,
  checkMissingKey,
  checkNetworkAddress,
  checkStrayKey,
  inSubnet,
  type NetworkDraft,
  SIMPLE_KEYS,
  STATIC_NEEDED_KEYS,
  STATIC_ONLY_KEYS,
  toNetwork,
} from './values/ip-network.ts';
export { formatKeyPath, type KeyPath } from './values/key-path.ts';
export { checkLocale } from './values/locale.ts';
export { isPasswordHash, NO_PASSWORD } from './values/password-hash.ts';
export { Problem, type ProblemDetail, show } from './values/problem.ts';
export { parseSshKey } from './values/ssh-key.ts';
export { checkReservedName, checkSystemName, checkUserName } from './values/user-name.ts';
