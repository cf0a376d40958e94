import { registerCompletion } from '@micro-linux/core/cli';
import { registerApply } from './apply.ts';
import { registerBootloader } from './bootloader.ts';
import type { RegisterCommand } from './context.ts';
import { registerHealth } from './health.ts';
import { registerHistory } from './history.ts';
import { registerInstall } from './install.ts';
import { registerMarkBoot } from './mark-boot.ts';
import { registerRescue } from './rescue.ts';
import { registerRollback } from './rollback.ts';
import { registerStatus } from './status.ts';
import { registerVerify } from './verify.ts';

/** Every verb, in the order `--help` lists them. */
export const commands: readonly RegisterCommand[] = [
  registerApply,
  registerStatus,
  registerHealth,
  registerHistory,
  registerMarkBoot,
  registerRollback,
  registerVerify,
  registerBootloader,
  registerInstall,
  registerRescue,
  registerCompletion,
];

/** What the program is, apart from its version and its surroundings. */
export const program = {
  name: 'ota-agent',
  description: 'Keeps the two system slots of this device: which one runs, which one is good.',
  commands,
  // Verbs whose result is what a user wants to see.
  answers: new Set([...['status', 'health', 'history', 'verify', 'completion']]),
};
