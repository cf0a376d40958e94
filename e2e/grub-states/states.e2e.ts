import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BootVariable, EspPath } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, fatDisk, makeDisk } from './disk.ts';
import { runMachine } from './machine.ts';
import {
  blockPath,
  boots,
  DAMAGED_BLOCKS,
  MARKERS,
  overBlocks,
  overDamage,
  type Part,
  READ_ONLY_BLOCKS,
  READ_ONLY_DISK,
  READ_ONLY_MARK,
  stateScript,
} from './state-script.ts';
import {
  blockFile,
  blocks,
  DAMAGED,
  EVERY_TRIAL,
  expectedReport,
  FULL,
  parseReports,
  type Report,
  SMALL,
  STANDING,
  variables,
} from './state-space.ts';
import { missingTools } from './tools.ts';

const BOOT_COUNTER = 3;
/** A boot takes about a minute on an idle machine; only a hang reaches this limit. */
const BOOT_TIMEOUT_MS = 20 * 60_000;

const missing = missingTools();
if (missing) {
  console.warn(`SKIPPED: real GRUB is not compared with decideBoot; ${missing}`);
}

const WRITTEN = 'put "$block_file"';

/** Where $block_file is set, GRUB writes it before each state and reads it again afterwards. */
const STORIES: Readonly<Record<string, readonly Part[]>> = {
  'grubenv is sound': (process.env['GRUB_STATES'] === 'full'
    ? [FULL]
    : [STANDING, EVERY_TRIAL]
  ).flatMap((space) =>
    overBlocks(
      space,
      'set ml_env="$work/block"; set ml_copy=(memdisk)/none; set ml_marker=(memdisk)/none; set block_file="$ml_env"',
      `${WRITTEN}\nreport env 1 "$tokens"`,
    ),
  ),
  'grubenv is damaged, its copy is sound': overBlocks(
    SMALL,
    `set ml_env=(memdisk)${DAMAGED_BLOCKS}/torn; set ml_copy="$work/block"; set ml_marker=(memdisk)${MARKERS}/A; set block_file="$ml_copy"`,
    `${WRITTEN}\nreport copy 1 "$tokens"`,
  ),
  'the disk cannot be written': overBlocks(
    SMALL,
    `set block_file=; set ml_marker=(readonly)/none; set mark=${READ_ONLY_MARK}`,
    `set path="(readonly)${READ_ONLY_BLOCKS}/$v0$v1$v2/$v3$v4$v5/$v6$v7"
set ml_env="$path"; set ml_copy=(readonly)/none
report env 0 "$tokens"
set ml_env=(readonly)${DAMAGED_BLOCKS}/zeros; set ml_copy="$path"
report copy 0 "$tokens"`,
    2,
  ),
  'both blocks are damaged': overDamage(),
};

describe.skipIf(missing)('real GRUB makes the same choices as decideBoot', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'grub-states-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  const damaged: Files = Object.fromEntries(
    Object.entries(DAMAGED).flatMap(([name, bytes]) =>
      bytes ? [[`${DAMAGED_BLOCKS}/${name}`, bytes]] : [],
    ),
  );
  const markers: Files = Object.fromEntries(
    ['A', 'B', 'C'].map((slot) => [`${MARKERS}/${slot}`, blockFile({ confirmed: slot })]),
  );

  for (const [name, parts] of Object.entries(STORIES)) {
    it(name, async () => {
      const readOnly = await fatDisk(join(directory, 'read-only'), {
        ...damaged,
        ...Object.fromEntries(
          blocks(SMALL).map((tokens) => [
            blockPath(tokens),
            blockFile({ ...variables(tokens), [BootVariable.bootMark]: READ_ONLY_MARK }),
          ]),
        ),
      });
      const memdisk = {
        '/block': blockFile({}),
        [READ_ONLY_DISK]: readOnly,
        ...damaged,
        ...markers,
      };
      const disk = join(directory, 'disk.img');
      const seen = new Set<string>();
      for (const boot of boots(parts)) {
        const script = stateScript({
          bootCounter: BOOT_COUNTER,
          loops: boot.map((part) => part.script),
        });
        await makeDisk(disk, { esp: { [EspPath.grubConfig]: script }, memdisk, slots: {} });
        const output = await runMachine({ drives: [{ path: disk }], timeoutMs: BOOT_TIMEOUT_MS });
        const lines = output.split(/[\r\n]+/);
        expect(lines, 'GRUB ran to the end').toContain('END');
        const reports = parseReports(output);
        compare(reports);
        for (const report of reports) {
          seen.add(JSON.stringify(report));
        }
      }
      const states = parts.reduce((sum, part) => sum + part.states, 0);
      // The report does not include the kind of damage, so those states look alike.
      const alike = name === 'both blocks are damaged' ? Object.keys(DAMAGED).length ** 2 : 1;
      expect(seen.size, 'every state was reported').toBe(states / alike);
      console.info(`${name}: ${states} states`);
    });
  }
});

/** GRUB prints an unset variable as an empty one: `_`. */
function compare(reports: readonly Report[]): void {
  const show = (report: Report): string =>
    `${report.chosen} ${report.reason} ${report.attempts} [${report.after.join(' ').replaceAll('-', '_')}] ${report.mark.after} ${report.mark.told}`;
  const wrong = reports.filter(
    (report) => show(report) !== show(expectedReport(report, BOOT_COUNTER)),
  );
  expect(
    wrong.slice(0, 5).map((report) => ({
      state: `${report.block} saves=${report.saves} loads=${JSON.stringify(report.loads)} [${report.before.join(' ')}] ${report.mark.before}`,
      grub: show(report),
      decideBoot: show(expectedReport(report, BOOT_COUNTER)),
    })),
    `${wrong.length} of ${reports.length} states differ`,
  ).toEqual([]);
}
