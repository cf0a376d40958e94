export type {
  BootConfig,
  Config,
  DhcpNetwork,
  DiskConfig,
  DiskMatch,
  InstallCommand,
  InstallConfig,
  KernelConfig,
  MirrorConfig,
  NetworkConfig,
  PackagesConfig,
  PasswordConfig,
  PruneConfig,
  StaticNetwork,
  UpdateConfig,
  UserConfig,
} from './config.ts';
export { addConfigOptions, type ConfigOptions, configFlags } from './flags.ts';
export { configJsonSchema } from './json-schema.ts';
export { type ConfigSources, DEFAULT_CONFIG_FILE, loadConfig } from './load.ts';
export type { Override } from './override.ts';
