import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readyArtifact } from '../../artifacts/ready-artifact.ts';
import { DISK_FORMAT_NAMES } from '../../output/disk-formats.ts';
import { makePrivateFile } from '../../plan/private-file.ts';
import type { StepContext } from '../../plan/step.ts';
import { testStep } from '../../plan/testing.ts';
import { partialPath } from '../../system/temporary/partial-file.ts';
import { makeExt4 } from '../ext4/make-ext4.ts';
import { writeTar } from '../tar/write-tar.ts';
import { diskImageStep } from './disk-image-step.ts';

const missing = ['/usr/bin/qemu-img', '/usr/sbin/mke2fs'].filter((path) => !existsSync(path));

let directory: string;
let before: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'private-images-'));
  await chmod(directory, 0o755);
  before = process.umask();
});
afterEach(async () => {
  process.umask(before);
  await rm(directory, { recursive: true });
});

const context = (): StepContext => ({
  run,
  signal: new AbortController().signal,
  progress: () => undefined,
  logFile: join(directory, 'log'),
  outputDirectory: directory,
  workDirectory: directory,
});

const images = ({ result }: ReturnType<typeof diskImageStep>, pasted: string) =>
  [directory, pasted].map((folder) => result(folder).image);

const modeOf = async (name: string) => (await stat(join(directory, name))).mode & 0o777;

describe.skipIf(missing.length > 0)(`images with a login (missing: ${missing})`, () => {
  const cases = DISK_FORMAT_NAMES.flatMap((format) =>
    [0o022, 0o000].map((umask) => [format, umask] as const),
  );
  test.each(cases)('a %s is readable by its owner only, umask %d', async (format, umask) => {
    const raw = join(directory, 'disk.raw');
    await writeFile(raw, '');
    await truncate(raw, MIB);
    process.umask(umask);
    const disk = testStep('disk');
    const step = diskImageStep({ format, image: raw, disk, name: 'box' });
    const file = `box.${format}`;
    await step.run(context());
    expect(await modeOf(file)).toBe(0o600);

    // A world-readable leftover must not become the artifact.
    process.umask(0);
    await mkdir(join(directory, 'out'));
    await writeFile(partialPath(join(directory, 'out', file)), '', { mode: 0o666 });
    process.umask(umask);
    const ready = await readyArtifact(format, step.result(directory).image, context().signal);
    await ready.publish(join(directory, 'out'));
    expect(await modeOf(join('out', file))).toBe(0o600);
  });

  const converted = DISK_FORMAT_NAMES.filter((format) => !format.endsWith('.zst'));
  test.each(converted)('what --dry-run prints for a %s makes the same image', async (format) => {
    const raw = join(directory, "disk of 'mine'.raw");
    await writeFile(raw, randomBytes(3 * MIB));
    await truncate(raw, 8 * MIB);
    const step = diskImageStep({ format, image: raw, disk: testStep('disk'), name: 'box' });
    await step.run(context());
    const pasted = join(directory, 'pasted');
    await mkdir(pasted);
    process.umask(0);
    await run('sh', ['-euc', step.describe(pasted).join('\n')]);
    expect(await modeOf(`pasted/box.${format}`)).toBe(0o600);
    await run('qemu-img', ['compare', '-s', ...images(step, pasted)]);
  });

  test('make-ext4.sh keeps the mode of an existing file', async () => {
    process.umask(0);
    const [tar, output] = [join(directory, 'data.tar'), join(directory, 'data.ext4')];
    await writeTar(tar, [{ kind: 'file', path: '/secret', content: 'x' }], 0);
    await makePrivateFile(output);
    await makeExt4(
      {
        output,
        uuid: '11111111-2222-4333-8444-555555555555',
        label: 'data',
        sizeBytes: 8 * MIB,
        features: '^has_journal',
        tars: [tar],
        prune: [],
        listing: join(directory, 'files.tsv'),
        sourceDateEpoch: 0,
        root: resolve(import.meta.dirname, '../../../../..'),
      },
      context(),
    );
    expect(await modeOf('data.ext4')).toBe(0o600);
  });
});
