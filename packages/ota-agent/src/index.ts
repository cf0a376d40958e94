export { type BlockReading, type EnvStore, envStore } from './boot-env/env-store.ts';
export { type CliWorld, runCli } from './cli.ts';
export { type MarkBootResult, markBoot } from './mark-boot/mark-boot.ts';
export { type BootedSlot, bootedSlot } from './slots/booted-slot.ts';
export { realSystem } from './system/real-system.ts';
export type { System, SystemPaths } from './system/system.ts';
