import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { OWNER_VARIABLE, type Owner, ownerName } from './owner.ts';

/** Number of checks, and milliseconds between them: a killed process takes a moment to end. */
const ROUNDS = 100;
const PAUSE_MS = 20;

/** Kills the programs that a dead process started, and waits until they have ended. */
export async function killOrphans(owner: Owner): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const orphans = await orphansOf(owner);
    if (orphans.length === 0) {
      return;
    }
    for (const pid of orphans) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
    await pause(PAUSE_MS);
  }
}

async function orphansOf(owner: Owner): Promise<number[]> {
  const wanted = `${OWNER_VARIABLE}=${ownerName(owner)}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Unreadable if it belongs to another user, empty once it has ended.
      const text = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return pid !== process.pid && text.split('\0').includes(wanted) ? [pid] : [];
    }),
  );
  return found.flat();
}
