import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { buildAgent } from 'ota-agent/build';
import { median } from './median.ts';

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
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['node -e 0', ['-e', '0']],
  ['node empty.mjs', [empty]],
  ['ota-agent --version', [bundle, '--version']],
  ['ota-agent --help', [bundle, '--help']],
  ['ota-agent status --json', [bundle, 'status', '--json']],
];

try {
  const milliseconds = CASES.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, args]] of CASES.entries()) {
      const startedAt = performance.now();
      await run(process.execPath, args, { okExitCodes: ANY });
      milliseconds[index]?.push(performance.now() - startedAt);
    }
  }
  const bare = milliseconds[0] ?? [];
  const lines = CASES.map(([name], index) => {
    const times = milliseconds[index] ?? [];
    const ratio = median(times.map((time, round) => time / (bare[round] ?? Number.NaN)));
    return `${name.padEnd(26)} median ${median(times).toFixed(0)} ms, ${ratio.toFixed(2)} × node -e 0`;
  });
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
