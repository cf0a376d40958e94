export { type CliWorld, runCli } from './cli.ts';
export { type BootedSlot, bootedSlot } from './slots/booted-slot.ts';
export { type BlockReading, type EnvStore, envStore } from './slots/env-store.ts';
export { type MarkBootResult, markBoot } from './slots/mark-boot.ts';
export { realSystem } from './system/real-system.ts';
export type { System, SystemPaths } from './system/system.ts';
