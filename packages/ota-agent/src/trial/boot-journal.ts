import type { Slot } from '@micro-linux/core';
import type { System } from '../system/system.ts';
import type { JournalBoot } from './trial-traces.ts';

const JOURNALCTL = '/usr/bin/journalctl';
/** Reading 64 MiB of journal takes seconds on a slow card. */
const TIMEOUT_MS = 30_000;
/** More boots than a trial can have tries. */
const MAX_BOOTS = 8;
const TAIL_LINES = 400;
const KEPT_LINES = 10;

/**
 * The boots of a slot between the one that armed its trial and the current one, as far as the
 * journal has them; empty if it has none or cannot be read.
 *
 * @param armedBy the kernel's name for the boot that armed the trial.
 */
export async function bootsOf(
  system: System,
  slot: Slot,
  armedBy: string,
  current: string,
): Promise<readonly JournalBoot[]> {
  try {
    const list = await journal(system, ['--list-boots']);
    const found: JournalBoot[] = [];
    for (const id of bootsBetween(list, armedBy, current)) {
      const kernel = await journal(system, [`--boot=${id}`, '--dmesg', '--output=cat']);
      if (bootedFrom(kernel) === slot) {
        found.push(
          readTail(
            await journal(system, [
              `--boot=${id}`,
              '--output=short-monotonic',
              `--lines=${TAIL_LINES}`,
            ]),
          ),
        );
      }
    }
    return found;
  } catch {
    return [];
  }
}

/**
 * Ids of the boots after one and before another, oldest first, from `journalctl --list-boots`. If
 * the first is not listed any more, all boots before the second.
 */
export function bootsBetween(list: string, after: string, before: string): string[] {
  const plain = (id: string) => id.replaceAll('-', '');
  const ids = [...list.matchAll(/^\s*-?\d+\s+([0-9a-f]{32})\s/gm)].map(([, id]) => id ?? '');
  const end = ids.indexOf(plain(before));
  return ids
    .slice(ids.indexOf(plain(after)) + 1, end === -1 ? undefined : end)
    .filter((id) => id !== plain(before))
    .slice(-MAX_BOOTS);
}

/** The slot on the kernel command line of a boot. */
function bootedFrom(kernelLog: string): string | undefined {
  return /^(?:Kernel c|C)ommand line: .*\bmicro_linux\.slot=([AB])\b/m.exec(kernelLog)?.[1];
}

/** A line of `--output=short-monotonic`. */
const LINE = /^\[\s*(\d+\.\d+)\]\s+\S+\s+(.*)$/;

/** Messages of fatal failures. */
const DISASTER =
  /Kernel panic|Oops|\bBUG: |general protection fault|soft lockup|hung task|blocked for more than|Freezing execution|emergency mode|Attempted to kill init|Out of memory|watchdog did not stop|Remounting filesystem read-only/;

/** Messages of systemd and logind about a requested shutdown. */
const ORDERLY = /System is (rebooting|powering down|halting)|Shutting down\.|systemd-shutdown\[1\]/;

/** What the last lines of a boot's journal show. */
export function readTail(text: string): JournalBoot {
  const lines = text.split('\n').flatMap((line) => {
    const [, at, message] = LINE.exec(line) ?? [];
    return at === undefined || message === undefined ? [] : [{ at: Number(at), message }];
  });
  return {
    lastAt: lines.at(-1)?.at,
    disasters: lines
      .filter(({ message }) => DISASTER.test(message))
      .map(({ message }) => message)
      .slice(-KEPT_LINES),
    orderly: lines.some(({ message }) => ORDERLY.test(message)),
    tail: lines.slice(-KEPT_LINES).map(({ at, message }) => `[${at.toFixed(1)}] ${message}`),
  };
}

async function journal(system: System, args: readonly string[]): Promise<string> {
  const { stdout } = await system.run(JOURNALCTL, ['--no-pager', '--quiet', ...args], {
    timeoutMs: TIMEOUT_MS,
    env: { LC_ALL: 'C.UTF-8' },
  });
  return stdout;
}
