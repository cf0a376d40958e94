import { registerBuild } from './build.ts';
import type { RegisterCommand } from './context.ts';
import { registerDoctor } from './doctor.ts';
import { registerSetupHost } from './setup-host.ts';

/** Every verb, in the order `--help` lists them. */
export const commands: readonly RegisterCommand[] = [
  registerSetupHost,
  registerDoctor,
  registerBuild,
];
