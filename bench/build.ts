import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import { profileOf } from 'micro-linux/profiles/index';
import { packageList } from 'micro-linux/steps/rootfs/package-list';

/**
 * A whole build against plain mmdebstrap of the same packages, in turn, in one run: the machines
 * this runs on are noisy, so only the ratio counts. Usage: node bench/build.ts [rounds]
 */
const rounds = Number(process.argv[2] ?? 3);
const root = join(import.meta.dirname, '..');
const profile = profileOf('bookworm');
const { include } = packageList(profile, {
  add: [],
  remove: [],
  kernelPackage: undefined,
  timezone: 'Etc/UTC',
  locale: 'C.UTF-8',
});

const scratch = await mkdtemp(join(tmpdir(), 'micro-linux-bench-'));
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
};
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

try {
  const plain: number[] = [];
  const whole: number[] = [];
  const after: number[] = [];
  let record: BuildRecord | undefined;
  for (let round = 0; round < rounds; round += 1) {
    plain.push(
      await seconds(() =>
        run('mmdebstrap', [
          '--mode=unshare',
          '--variant=apt',
          '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
          '--aptopt=APT::Install-Recommends "false"',
          `--include=${include.join(',')}`,
          profile.suite,
          join(scratch, 'plain.tar'),
        ]),
      ),
    );
    whole.push(
      await seconds(async () => {
        const { stdout } = await run(join(root, 'micro-linux'), [
          'build',
          '--profile',
          profile.name,
          '--fresh',
          '--json',
          '--artifacts',
          join(scratch, 'artifacts'),
        ]);
        record = (JSON.parse(stdout) as { record: BuildRecord }).record;
      }),
    );
    const rootfs = record?.steps.find(({ id }) => id === 'rootfs')?.seconds ?? Number.NaN;
    after.push(((record?.seconds ?? Number.NaN) - rootfs) / rootfs);
  }
  const ratio = median(whole.map((value, index) => value / (plain[index] ?? Number.NaN)));
  process.stdout.write(
    [
      `plain mmdebstrap      median ${median(plain).toFixed(1)} s of ${plain.map((s) => s.toFixed(1)).join(', ')}`,
      `micro-linux build     median ${median(whole).toFixed(1)} s of ${whole.map((s) => s.toFixed(1)).join(', ')}`,
      `ratio, same round     median ${ratio.toFixed(2)}`,
      `all but the root file system, as a share of its time: median ${(median(after) * 100).toFixed(0)} %`,
      ...(record?.steps ?? []).map(
        (step) => `  ${step.id.padEnd(12)} ${step.seconds.toFixed(1)} s`,
      ),
      ...(record?.artifacts ?? []).map(
        ({ file, bytes }) => `${file} ${(bytes / 1048576).toFixed(1)} MiB`,
      ),
      ...(record?.sizes ?? []).map(
        ({ part, bytes }) => `  ${part.padEnd(28)} ${(bytes / 1048576).toFixed(1)} MiB`,
      ),
      '',
    ].join('\n'),
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}
