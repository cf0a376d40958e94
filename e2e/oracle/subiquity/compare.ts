import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { lintSeed } from 'micro-linux/autoinstall/check/lint-seed';
import { ask, Tally } from '../ask.ts';
import { randomOf } from '../storage/mutate.ts';
import { differenceOf, type Runs } from './differences.ts';
import { ownSeeds } from './own-seeds.ts';
import { mutateSeed, WHOLE_SEEDS } from './whole-seeds.ts';

/**
 * Compares what `seed --check` says of whole seeds with what the server of Subiquity says of them, and
 * prints a table. Run by hand, see docs/guides/seed.md:
 *
 *     node e2e/oracle/subiquity/compare.ts --count 100 --seed 1 --file SEED -- PROGRAM ARGUMENT...
 *
 * PROGRAM starts verdicts.py with the checkouts it needs.
 */
const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

interface Case {
  readonly id: string;
  /** Decides the form: `user-data` goes through cloud-init. */
  readonly file: string;
  readonly text: string;
  /** Those that it is installed for. */
  readonly firmware: readonly ('bios' | 'uefi')[];
}

interface Answer {
  readonly id: string;
  readonly runs: Runs;
}

const BOTH = ['bios', 'uefi'] as const;

const cases = [
  ...(await ownSeeds()).map((own): Case => ({ ...own, firmware: BOTH })),
  ...values.file.map(fromFile),
  ...generate(Number(values.count), Number(values.seed)),
];
const tally = new Tally();
for await (const [one, { runs }] of ask<Case, Answer>(cases, positionals)) {
  const ours = lintSeed(one.text, { file: one.file, installer: 'subiquity' }).findings;
  const kind = differenceOf(runs, ours);
  tally.add(kind);
  if (values.all || kind.startsWith('DIFFERS')) {
    const real = Object.entries(runs).map(
      ([firmware, run]) => `${firmware}: ${run === null ? 'installed' : `${run.at}: ${run.said}`}`,
    );
    const said = ours.map(({ rule, path, problem }) => `${rule} ${path} ${problem}`);
    const lines = [...said.map((text) => `ours: ${text}`), ...real.map((text) => `real: ${text}`)];
    process.stdout.write(`${kind}\n  ${one.id} ${changes(one)}\n    ${lines.join('\n    ')}\n`);
  }
}
tally.print();

function fromFile(path: string): Case {
  const text = readFileSync(path, 'utf8');
  const cloud = basename(path) === 'user-data' || text.includes('#cloud-config');
  return { id: path, file: cloud ? 'user-data' : 'autoinstall.yaml', text, firmware: BOTH };
}

function generate(count: number, seed: number): readonly Case[] {
  const random = randomOf(seed);
  const bases = Object.entries(WHOLE_SEEDS);
  const text = (autoinstall: object) => JSON.stringify(autoinstall);
  // Their storage, a layout, does not depend on the firmware.
  const rest = { file: 'autoinstall.yaml', firmware: ['uefi'] } as const;
  return [
    ...bases.map(([id, base]) => ({ id, text: text(base), ...rest })),
    ...Array.from({ length: count }, (_, at) => {
      const [name, base] = bases[at % bases.length] ?? ['', {}];
      return { id: `${name}-${at}`, text: text(mutateSeed(base, random)), ...rest };
    }),
  ];
}

/** What distinguishes a generated case from its base. */
function changes({ id, text }: Case): string {
  const base = WHOLE_SEEDS[id.replace(/-\d+$/, '')];
  if (base === undefined) {
    return '';
  }
  const made = JSON.parse(text) as Record<string, unknown>;
  return [...new Set([...Object.keys(base), ...Object.keys(made)])]
    .filter((key) => JSON.stringify(base[key]) !== JSON.stringify(made[key]))
    .map((key) => `${key}: ${JSON.stringify(made[key])}`)
    .join('; ');
}
