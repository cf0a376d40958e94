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
export { addConfigOptions, type ConfigOptions, configFlags } from './flags.ts';
export { configJsonSchema } from './json-schema.ts';
export { type ConfigSources, DEFAULT_CONFIG_FILE, loadConfig } from './load.ts';
export type { Override } from './override.ts';
