import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellQuote } from '@micro-linux/core';
import { buildAgent } from 'ota-agent/build';
import { writeLauncher } from './agent-launcher.ts';
import { measure, Rounds } from './measure.ts';

/**
 * How long the agent takes to start, by its launcher, against a bare `node -e 0`, in turn, in one run.
 * Usage: node bench/agent-start.ts [rounds]
 */
const rounds = Number(process.argv[2] ?? 31);
const scratch = await mkdtemp(join(tmpdir(), 'micro-linux-bench-'));
const bundle = join(scratch, 'ota-agent.mjs');
const empty = join(scratch, 'empty.mjs');
const launcher = join(scratch, 'ota-agent');
const bytes = await buildAgent({ output: bundle });
await writeLauncher(launcher, bundle);
await writeFile(empty, '');

const BARE = 'node -e 0';
const CASES: readonly (readonly [string, readonly string[]])[] = [
  [BARE, [process.execPath, '-e', '0']],
  ['node empty.mjs', [process.execPath, empty]],
  ['ota-agent --version', [launcher, '--version']],
  ['ota-agent --help', [launcher, '--help']],
  ['ota-agent status --json', [launcher, 'status', '--json']],
];

try {
  const figures = new Rounds();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of CASES) {
      // `status` fails where there is no device: how long it takes matters here.
      const words = args.map(shellQuote).join(' ');
      figures.note(name, await measure(`${words} >/dev/null 2>&1 || true`));
    }
  }
  process.stdout.write(
    [
      `bundle ${bytes} bytes (${(bytes / 2 ** 20).toFixed(2)} MiB), ${rounds} rounds; medians, and ratios to ${BARE} of the same round`,
      ...CASES.map(([name]) => figures.line(name, BARE)),
      '',
    ].join('\n'),
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
