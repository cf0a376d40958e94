import { parseArgs } from 'node:util';
import { GIB } from '@micro-linux/core';
import { lintSeed } from 'micro-linux/autoinstall/check/lint-seed';
import { ask, Tally } from '../ask.ts';
import { differenceOf, type Verdicts } from './differences.ts';
import { KNOWN_VERDICTS, sectionOf } from './known-verdicts.ts';
import { mutate, randomOf } from './mutate.ts';
import { type Section, VALID_SECTIONS } from './valid-sections.ts';

/**
 * Compares the verdicts of `seed --check` on storage sections with those of Subiquity and curtin,
 * and prints a table. Run by hand, see docs/guides/seed.md:
 *
 * node e2e/oracle/storage/compare.ts --count 1000 --seed 1 -- PROGRAM ARGUMENT...
 *
 * PROGRAM starts verdicts.py with the checkouts it needs.
 */
const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

interface Case {
  readonly id: string;
  readonly storage: Section;
}

interface Answer {
  readonly id: string;
  readonly runs: Verdicts;
}

/** The largest disk of the machine of verdicts.py. */
const DISK_BYTES = 300 * GIB;

const cases = generate(Number(values.count), Number(values.seed));
const tally = new Tally();
const examples = new Map<string, string[]>();
for await (const [one, { runs }] of ask<Case, Answer>(cases, positionals)) {
  const ours = lintSeed(JSON.stringify({ version: 1, 'user-data': {}, storage: one.storage }), {
    file: 'autoinstall.yaml',
    installer: 'subiquity',
    diskBytes: DISK_BYTES,
  }).findings.filter(({ rule, path }) => path.startsWith('storage') || rule === 'syntax');
  const kind = differenceOf(runs, ours);
  tally.add(kind);
  const known = examples.get(kind) ?? [];
  if (values.all || known.length < 3) {
    const said = ours.map(({ rule, path, problem }) => `${rule} ${path} ${problem}`).join('; ');
    const real = [...new Set(Object.values(runs).map((run) => run ?? 'accepted'))].join(' | ');
    examples.set(kind, [
      ...known,
      `${one.id}\n    ${changes(one)}\n    ours: ${said}\n    real: ${real}`,
    ]);
  }
}
tally.print();
for (const [kind, texts] of examples) {
  if (values.all || kind.startsWith('DIFFERS') || kind.startsWith('same, but')) {
    process.stdout.write(`\n## ${kind}\n${texts.join('\n')}\n`);
  }
}

/** The changes of a case compared with its valid section. */
function changes({ id, storage }: Case): string {
  const base = VALID_SECTIONS[id.replace(/-(known)?\d+$/, '')] ?? {};
  const lines = (section: Section) =>
    Object.entries(section).flatMap(([key, value]) =>
      Array.isArray(value)
        ? value.map((one) => JSON.stringify(one))
        : [JSON.stringify({ [key]: value })],
    );
  const [before, after] = [lines(base), lines(storage)];
  const removed = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  const added = after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`);
  return [...removed, ...added].join('\n    ') || 'the order only';
}

function generate(count: number, seed: number): readonly Case[] {
  const random = randomOf(seed);
  const bases = Object.entries(VALID_SECTIONS);
  return [
    ...bases.map(([id, storage]) => ({ id, storage })),
    ...KNOWN_VERDICTS.map((known, at) => ({
      id: `${known.base}-known${at}`,
      storage: sectionOf(known),
    })),
    ...Array.from({ length: count }, (_, at) => {
      const [name, storage] = bases[at % bases.length] ?? ['', {}];
      return { id: `${name}-${at}`, storage: mutate(storage, random) };
    }),
  ];
}
