import { bootEnvVariables, confirmedMarker, EspPath, markGood, type Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { bootedSlot } from './booted-slot.ts';
import { envStore } from './env-store.ts';
import { readImageInfo } from './image-info.ts';

export interface MarkBootResult {
  readonly slot: Slot;
  /** Blocks that were written, in order, as paths on the ESP. Empty when all was so already. */
  readonly written: readonly string[];
  /** Those of them that were damaged before. */
  readonly repaired: readonly string[];
}

/**
 * Confirms the running slot: the env block first (one write), then its copy, then the marker.
 * After a power cut between any two of them GRUB boots a confirmed slot, and the next run of this
 * finishes the work. Blocks that already say the same are left alone.
 *
 * @throws MicroLinuxError `booted-slot-unknown`, `booted-slot-mismatch`, `esp-unwritable`,
 *   `env-unreadable`, `env-write-failed`.
 */
export async function markBoot(system: System): Promise<MarkBootResult> {
  const { slot } = bootedSlot(system);
  const store = envStore(system.paths.esp);
  const env = store.readEnv();
  const copy = store.readCopy();
  const marker = store.readMarker();
  const { bootCounter } = readImageInfo(system.paths.imageInfo);
  const marked = markGood(env.value ?? copy.value, slot, { bootCounter });

  const wanted = bootEnvVariables(marked);
  const work = [
    { path: EspPath.env, now: env, wanted, write: () => store.writeEnv(marked) },
    { path: EspPath.envCopy, now: copy, wanted, write: () => store.writeCopy(marked) },
    {
      path: EspPath.confirmed,
      now: marker,
      wanted: confirmedMarker(slot),
      write: () => store.writeMarker(slot),
    },
  ].filter((block) => !holds(block.now.variables, block.wanted));
  if (work.length > 0) {
    await system.withWritableEsp(() => {
      for (const { write } of work) {
        write();
      }
    });
  }
  return {
    slot,
    written: work.map(({ path }) => path),
    repaired: work.filter(({ now }) => now.value === undefined).map(({ path }) => path),
  };
}

/** Whether a block holds exactly these variables. */
function holds(
  variables: ReadonlyMap<string, string> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted);
  return (
    variables?.size === entries.length &&
    entries.every(([name, value]) => variables.get(name) === value)
  );
}
