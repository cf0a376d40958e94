import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, shellQuote } from '@micro-linux/core';
import { factoryEnvFiles } from 'micro-linux/steps/esp/factory-env';
import { buildAgent } from 'ota-agent/build';
import { measure, Rounds } from './measure.ts';

/**
 * Cost of confirming a boot: the bundle's own `mark-boot` against a bare `node -e 0`, in turn, in
 * one run. A device's files are in their real places, in a mount namespace,
 * with an ESP in memory that is really remounted. The journal is the host's, if it has one.
 * Usage: node bench/mark-boot.ts [rounds]
 */
const INSIDE = '--inside';
const BARE = 'node -e 0';
const ESP = '/boot/efi';

const [first, second] = process.argv.slice(2);

if (first === INSIDE) {
  await bench(Number(second));
} else {
  const { stdout } = await run('unshare', [
    ...['--map-root-user', '--mount', process.execPath],
    ...[import.meta.filename, INSIDE, first ?? '31'],
  ]);
  process.stdout.write(stdout);
}

async function bench(rounds: number): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'micro-linux-bench-'));
  const bundle = join(scratch, 'ota-agent.mjs');
  try {
    const bytes = await buildAgent({ output: bundle });
    await layOut(scratch);
    const mark = [process.execPath, bundle, 'mark-boot'].map(shellQuote).join(' ');
    const figures = new Rounds();
    for (let round = 0; round < rounds; round += 1) {
      await writeBlocks();
      figures.note(BARE, await measure(`${shellQuote(process.execPath)} -e 0`));
      figures.note('mark-boot, first of a boot', await measure(mark));
      figures.note('mark-boot, once more', await measure(mark));
    }
    process.stdout.write(
      [
        `bundle ${bytes} bytes, ${rounds} rounds; medians, and ratios to ${BARE} of the same round`,
        ...[BARE, 'mark-boot, first of a boot', 'mark-boot, once more'].map((name) =>
          figures.line(name, BARE),
        ),
        '',
      ].join('\n'),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A device that booted slot A, with the files that mark-boot reads. */
async function layOut(scratch: string): Promise<void> {
  const memory = async (path: string) => {
    await mkdir(path, { recursive: true });
    await run('mount', ['-t', 'tmpfs', 'tmpfs', path]);
  };
  for (const path of ['/boot', ESP, '/run', '/var/lib']) {
    await memory(path);
  }
  const cmdline = join(scratch, 'cmdline');
  await writeFile(cmdline, 'quiet micro_linux.slot=A micro_linux.boot=confirmed\n');
  await run('mount', ['--bind', cmdline, '/proc/cmdline']);
  await mkdir('/run/micro-linux');
  const boot = { schema: 1, slot: 'A', disk: '/dev/vda' };
  await writeFile('/run/micro-linux/boot.json', JSON.stringify(boot));
}

/** GRUB's environment after a boot that is not confirmed yet. */
async function writeBlocks(): Promise<void> {
  await run('mount', ['-o', 'remount,rw', ESP]);
  for (const { path, content } of factoryEnvFiles(3)) {
    await mkdir(dirname(join(ESP, path)), { recursive: true });
    await writeFile(join(ESP, path), content, { flag: 'w' });
  }
  await run('mount', ['-o', 'remount,ro', ESP]);
}
