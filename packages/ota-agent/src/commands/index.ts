import type { RegisterCommand } from './context.ts';
import { registerMarkBoot } from './mark-boot.ts';
import { registerStatus } from './status.ts';

/** Every verb, in the order `--help` lists them. */
export const commands: readonly RegisterCommand[] = [registerStatus, registerMarkBoot];
