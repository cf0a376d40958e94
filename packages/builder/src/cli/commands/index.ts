import { registerCompletion } from '@micro-linux/core/cli';
import { registerAttach } from './attach.ts';
import { registerBuild } from './build.ts';
import { registerConfig } from './config.ts';
import { registerDoctor } from './doctor.ts';
import { registerInit } from './init.ts';
import { registerInspect } from './inspect.ts';
import { registerIso } from './iso.ts';
import { registerKeygen } from './keygen.ts';
import { registerQcow2 } from './qcow2.ts';
import { registerQuickstart } from './quickstart.ts';
import type { RegisterCommand } from './register-command.ts';
import { registerRootfs } from './rootfs.ts';
import { registerSeed } from './seed.ts';
import { registerSetupHost } from './setup-host.ts';
import { registerTest } from './test.ts';
import { registerUpdate } from './update.ts';
import { registerVm } from './vm.ts';

/** Every verb, in the order `--help` lists them. */
export const commands: readonly RegisterCommand[] = [
  registerInit,
  registerQuickstart,
  registerDoctor,
  registerSetupHost,
  registerConfig,
  registerBuild,
  registerRootfs,
  registerQcow2,
  registerSeed,
  registerIso,
  registerUpdate,
  registerKeygen,
  registerAttach,
  registerVm,
  registerTest,
  registerInspect,
  registerCompletion,
];

/** What the program is, apart from its version and its surroundings. */
export const program = {
  name: 'micro-linux',
  description: 'One config file in; a bootable, updatable A/B system out. No root needed.',
  commands,
  // Verbs whose result is what a user wants to see.
  answers: new Set([...['quickstart', 'doctor', 'config', 'vm', 'test', 'inspect', 'completion']]),
};
