import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EspPath } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, fatDisk, makeDisk } from './disk.ts';
import { runMachine } from './machine.ts';
import {
  blockPath,
  DAMAGED_BLOCKS,
  MARKERS,
  overBlocks,
  overDamage,
  READ_ONLY_BLOCKS,
  READ_ONLY_DISK,
  stateScript,
} from './state-script.ts';
import {
  blockFile,
  blocks,
  DAMAGED,
  EVERY_TRIAL,
  expectedReport,
  FULL,
  parseReport,
  type Report,
  SMALL,
  STANDING,
  variables,
} from './state-space.ts';
import { missingTools } from './tools.ts';

const BOOT_COUNTER = 3;
const TIMEOUT_MS = 15 * 60_000;

const missing = missingTools();
if (missing) {
  console.warn(`SKIPPED: real GRUB is not compared with decideBoot; ${missing}`);
}

/** $block_file is written by GRUB before each state, and read again after it. */
const LOOPS: Readonly<Record<string, readonly string[]>> = {
  'grubenv is sound': [
    `set ml_env="$work/block"; set ml_copy="$work/none"; set ml_marker="$work/none"; set block_file="$ml_env"`,
    ...(process.env['GRUB_STATES'] === 'full' ? [FULL] : [STANDING, EVERY_TRIAL]).map((space) =>
      overBlocks(space, 'put "$block_file"\nreport env 1 "$tokens"'),
    ),
  ],
  'grubenv is damaged, its copy is sound': [
    ...['torn'].map(
      (kind) =>
        `set ml_env="(memdisk)${DAMAGED_BLOCKS}/${kind}"; set ml_copy="$work/block"; set ml_marker="(memdisk)${MARKERS}/A"; set block_file="$ml_copy"
${overBlocks(SMALL, 'put "$block_file"\nreport copy 1 "$tokens"')}`,
    ),
  ],
  'the disk cannot be written': [
    'set block_file=',
    overBlocks(
      SMALL,
      `set path="(readonly)${READ_ONLY_BLOCKS}/$v0$v1$v2/$v3$v4$v5/$v6$v7"
set ml_env="$path"; set ml_copy="(readonly)/none"; set ml_marker="(readonly)/none"
report env 0 "$tokens"
set ml_env="(readonly)${DAMAGED_BLOCKS}/zeros"; set ml_copy="$path"
report copy 0 "$tokens"`,
    ),
  ],
  'both blocks are damaged': [overDamage()],
};

describe.skipIf(missing)('real GRUB decides as decideBoot does', () => {
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

  for (const [name, loops] of Object.entries(LOOPS)) {
    it(
      name,
      async () => {
        const disk = join(directory, 'disk.img');
        const readOnly = await fatDisk(join(directory, 'read-only'), {
          ...damaged,
          ...Object.fromEntries(
            blocks(SMALL).map((tokens) => [blockPath(tokens), blockFile(variables(tokens))]),
          ),
        });
        await makeDisk(disk, {
          esp: { [EspPath.grubConfig]: stateScript({ bootCounter: BOOT_COUNTER, loops }) },
          memdisk: {
            '/block': blockFile({}),
            [READ_ONLY_DISK]: readOnly,
            ...damaged,
            ...markers,
          },
          slots: {},
        });
        const started = performance.now();
        const output = await runMachine({
          drives: [{ path: disk }],
          timeoutMs: TIMEOUT_MS,
        });
        const lines = output.split(/[\r\n]+/);
        expect(lines, 'GRUB ran to the end').toContain('END');
        const reports = lines.flatMap((line) => parseReport(line) ?? []);
        compare(reports);
        const seconds = (performance.now() - started) / 1000;
        console.info(`${name}: ${reports.length} states in ${seconds.toFixed(1)} s`);
      },
      TIMEOUT_MS,
    );
  }
});

/** GRUB prints an unset variable as an empty one: `_`. */
function compare(reports: readonly Report[]): void {
  const show = (report: Report): string =>
    `${report.chosen} ${report.reason} ${report.attempts} [${report.after.join(' ').replaceAll('-', '_')}]`;
  const wrong = reports.filter(
    (report) => show(report) !== show(expectedReport(report, BOOT_COUNTER)),
  );
  expect(
    wrong.slice(0, 5).map((report) => ({
      state: `${report.block} saves=${report.saves} loads=${JSON.stringify(report.loads)} [${report.before.join(' ')}]`,
      grub: show(report),
      decideBoot: show(expectedReport(report, BOOT_COUNTER)),
    })),
    `${wrong.length} of ${reports.length} states differ`,
  ).toEqual([]);
  expect(new Set(reports.map((report) => JSON.stringify(report))).size).toBeGreaterThan(0);
}
