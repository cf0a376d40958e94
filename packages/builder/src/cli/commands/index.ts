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
];
