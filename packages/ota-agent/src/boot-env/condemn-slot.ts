import {
  bootEnvVariables,
  condemn,
  confirmedMarker,
  EspPath,
  MicroLinuxError,
  otherSlot,
  type Slot,
} from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { blockHolds } from './block-holds.ts';
import { type EnvStore, type EnvWrites, envStore } from './env-store.ts';
import { uncachedFileOps } from './uncached-file-ops.ts';
import { unconfirmed } from './unconfirmed.ts';

/**
 * Makes sure that GRUB does not boot `slot` whatever happens to it: both blocks say that it is not
 * ok and not on trial, and the marker names the other slot. Blocks that say so already are left
 * alone. At the end all three are read again, from the disk: the slot is about to be destroyed.
 *
 * @throws MicroLinuxError `boot-unconfirmed`, `esp-unwritable`, `env-write-failed`.
 */
export async function condemnSlot(system: System, writes: EnvWrites, slot: Slot): Promise<void> {
  const store = envStore(system.paths.esp);
  const onDisk = envStore(system.paths.esp, uncachedFileOps);
  const confirmed = otherSlot(slot);
  const env = store.readEnv().value;
  const refusal = unconfirmed(env, confirmed);
  if (!env || refusal) {
    throw refusal ?? new TypeError('an unreadable block is refused');
  }
  const condemned = condemn(env, slot);
  const work = [
    {
      path: EspPath.env,
      now: (from: EnvStore) => from.readEnv().variables,
      wanted: bootEnvVariables(condemned),
      write: () => writes.writeEnv(condemned),
    },
    {
      path: EspPath.envCopy,
      now: (from: EnvStore) => from.readCopy().variables,
      wanted: bootEnvVariables(condemned),
      write: () => writes.writeCopy(condemned),
    },
    {
      path: EspPath.confirmed,
      now: (from: EnvStore) => from.readMarker().variables,
      wanted: confirmedMarker(confirmed),
      write: () => writes.writeMarker(confirmed),
    },
  ];
  const stale = work.filter(({ now, wanted }) => !blockHolds(now(store), wanted));
  if (stale.length > 0) {
    await system.withWritableEsp(() => {
      for (const { write } of stale) {
        write();
      }
    });
  }
  for (const { path, now, wanted } of work) {
    if (!blockHolds(now(onDisk), wanted)) {
      throw envNotWritten(path);
    }
  }
}

/** The error for a block that does not say what it was just told. */
export function envNotWritten(path: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'env-write-failed',
    message: `${path} does not hold what was written to it`,
    why: 'it was read again and differs',
    hint: 'the disk may be failing: dmesg; ota-agent mark-boot rewrites damaged blocks',
  });
}
