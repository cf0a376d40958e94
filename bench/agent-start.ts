import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { buildAgent } from 'ota-agent/build';
import { Samples, seconds } from './chunk-size/samples.ts';

/**
 * How long the agent's bundle takes to start, against a bare `node -e 0`, in turn, in one run.
 * Usage: node bench/agent-start.ts [rounds]
 */
const rounds = Number(process.argv[2] ?? 31);
const scratch = await mkdtemp(join(tmpdir(), 'micro-linux-bench-'));
const bundle = join(scratch, 'ota-agent.mjs');
const empty = join(scratch, 'empty.mjs');
const bytes = await buildAgent(bundle);
await writeFile(empty, '');

/** `status` and `--help` fail or not, depending on the machine: how long they take matters here. */
const ANY = Array.from({ length: 256 }, (_, code) => code);
const BARE = 'node -e 0';
const CASES: readonly (readonly [string, readonly string[]])[] = [
  [BARE, ['-e', '0']],
  ['node empty.mjs', [empty]],
  ['ota-agent --version', [bundle, '--version']],
  ['ota-agent --help', [bundle, '--help']],
  ['ota-agent status --json', [bundle, 'status', '--json']],
];

try {
  const samples = new Samples();
  for (let round = 0; round < rounds; round += 1) {
    let bare = Number.NaN;
    for (const [name, args] of CASES) {
      const spent = await seconds(() => run(process.execPath, args, { okExitCodes: ANY }));
      bare = name === BARE ? spent : bare;
      samples.add(name, spent * 1000);
      samples.add(`${name}, ratio`, spent / bare);
    }
  }
  const lines = CASES.map(
    ([name]) =>
      `${name.padEnd(26)} median ${samples.median(name).toFixed(0)} ms, ${samples
        .median(`${name}, ratio`)
        .toFixed(2)} × ${BARE} of the same round`,
  );
  process.stdout.write(
    [
      `bundle ${bytes} bytes (${(bytes / 2 ** 20).toFixed(2)} MiB), ${rounds} rounds`,
      ...lines,
      '',
    ].join('\n'),
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
