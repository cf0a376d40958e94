import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../state/read-file.ts';

/** WDIOF_CARDRESET of linux/watchdog.h: the card restarted the machine. */
const CARD_RESET = 0x20;
const KEPT_LINES = 10;
/** One crash leaves a few dozen; reading more takes time. */
const MAXIMUM_DUMPS = 200;

/** Last messages of a kernel, the most informative first. */
const TELLING = [/Kernel panic - not syncing/, /\bBUG: |Oops|general protection fault/, /RIP: /];

/**
 * Informative lines of the dumps that crashing kernels left in pstore, the most informative first;
 * if there are none, the last line of each dump. A crash leaves several files: UEFI variables store
 * it in pieces of 1 KiB, and systemd-pstore joins them in another file.
 *
 * @param since older dumps are from another boot.
 */
export function pstoreLines(directories: readonly string[], since: Date): readonly string[] {
  const dumps = directories
    .flatMap((directory) => filesBelow(directory, since))
    .slice(-MAXIMUM_DUMPS)
    .map((path) =>
      readOr(path)
        .split('\n')
        // Each line begins with its time and, from systemd 255, its level.
        .map((line) => line.replace(/^(<\d+>)?\[[^\]]*\]\s*/, '').trim())
        .filter((line) => line !== ''),
    );
  const telling = TELLING.flatMap((pattern) => dumps.flat().filter((line) => pattern.test(line)));
  const lines = telling.length > 0 ? telling : dumps.flatMap((dump) => dump.slice(-1));
  return [...new Set(lines)].slice(0, KEPT_LINES);
}

/** Whether any watchdog device reports that it caused the last restart. */
export function watchdogFired(watchdogs: string): boolean {
  return namesIn(watchdogs).some(
    (name) => (Number(readOr(join(watchdogs, name, 'bootstatus'))) & CARD_RESET) !== 0,
  );
}

function filesBelow(directory: string, since: Date): string[] {
  return namesIn(directory).flatMap((name) => {
    const path = join(directory, name);
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) {
        return filesBelow(path, since);
      }
      return stat.isFile() && stat.mtime > since && name.startsWith('dmesg') ? [path] : [];
    } catch {
      return [];
    }
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

function readOr(path: string): string {
  try {
    return readRegularFile(path).toString('utf8');
  } catch {
    return '';
  }
}
