import type { System } from '../../system/system.ts';
import { parseBootEntries, planBootEntry } from './plan-boot-entry.ts';

const EFIBOOTMGR = '/usr/bin/efibootmgr';
const LSBLK = '/usr/bin/lsblk';

/** Some firmwares take seconds for each variable. */
const TIMEOUT_MS = 60_000;

export interface AddBootEntryOptions {
  readonly disk: string;
  /** Device of the ESP, and its number on the disk. */
  readonly esp: string;
  readonly partition: number;
  /** GUIDs of the partitions that the disk had before. */
  readonly gone: readonly string[];
  readonly label: string;
}

/**
 * Adds a boot entry for the disk to the firmware, first in the boot order. Never fails: without an
 * entry, firmware starts the same program by its fallback path.
 *
 * @returns what happened, for the log.
 */
export async function addBootEntry(system: System, options: AddBootEntryOptions): Promise<string> {
  const call = { timeoutMs: TIMEOUT_MS };
  try {
    const lsblk = ['--noheadings', '--nodeps', '--output', 'PARTUUID', options.esp];
    const esp = (await system.run(LSBLK, lsblk, call)).stdout.trim();
    const { stdout } = await system.run(EFIBOOTMGR, ['-v'], call);
    const entries = parseBootEntries(stdout);
    for (const args of planBootEntry({ ...options, esp, entries })) {
      await system.run(EFIBOOTMGR, args, call);
    }
    return `the firmware starts ${options.disk} first, as "${options.label}"`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `no boot entry was added, so the firmware uses the fallback path: ${why}`;
  }
}
