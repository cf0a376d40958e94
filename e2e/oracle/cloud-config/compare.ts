import { parseArgs } from 'node:util';
import { lintSeed } from 'micro-linux/autoinstall/check/lint-seed';
import { ask, Tally } from '../ask.ts';
import { randomOf } from '../storage/mutate.ts';
import { cloudConfig } from './documents.ts';

/**
 * Compares what `seed --check` says of `user-data` with what cloud-init's schema says of it, and prints
 * a table. Run by hand, see docs/guides/seed.md:
 *
 *     node e2e/oracle/cloud-config/compare.ts --count 5000 --seed 1 -- python3 verdicts.py CLOUD_INIT
 */
const { values, positionals } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

interface Case {
  readonly id: string;
  readonly text: string;
}

interface Answer {
  readonly id: string;
  readonly said: string | null;
}

/** Rules that are about the schema; those about passwords and the like are not. */
const RULES = ['cloud-config', 'unknown-key'];

const random = randomOf(Number(values.seed));
const cases = Array.from(
  { length: Number(values.count) },
  (_, at): Case => ({ id: String(at), text: cloudConfig(random) }),
);
const tally = new Tally();
for await (const [{ id, text }, { said }] of ask<Case, Answer>(cases, positionals)) {
  const ours = lintSeed(`{version: 1, user-data: ${text}}`, {
    file: 'autoinstall.yaml',
    installer: 'subiquity',
  }).findings.filter(
    ({ rule, path }) =>
      rule === 'syntax' || (RULES.includes(rule) && path.startsWith('user-data.')),
  );
  const same = (said === null) === (ours.length === 0);
  tally.add(
    same
      ? `same: ${said === null ? 'accepted' : 'refused'}`
      : `DIFFERS: ${said === null ? 'we refuse what is accepted' : 'we accept what is refused'}`,
  );
  if (values.all || !same) {
    const lines = ours.map(({ rule, path, problem }) => `ours: ${rule} ${path} ${problem}`);
    process.stdout.write(`${id} ${text}\n  ${[...lines, `real: ${said}`].join('\n  ')}\n`);
  }
}
tally.print();
