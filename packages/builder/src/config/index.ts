export type {
  BootConfig,
  Config,
  InstallConfig,
  KernelConfig,
  MirrorConfig,
  PackagesConfig,
  PasswordConfig,
  PruneConfig,
  UpdateConfig,
  UserConfig,
} from './config.ts';
export { DEFAULT_CONFIG_FILE } from './config-file.ts';
export { addConfigOptions, type ConfigOptions, configFlags } from './flags.ts';
export { configJsonSchema } from './json-schema.ts';
export { type ConfigSources, loadConfig } from './load.ts';
export type { Override } from './override.ts';
