import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { run } from '@micro-linux/core';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import {
  DISK_FORMAT_NAMES,
  DISK_FORMATS,
  type DiskFormat,
  type DiskFormatName,
} from 'micro-linux/output/disk-formats';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { microLinux, microLinuxJson } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { storyConfig } from '../../harness/device/story-config.ts';

const skipped = await whySkipped('forms of the disk');

/** Milliseconds. Far: `test` itself ends when a machine says nothing any more. */
vi.setConfig({ testTimeout: 3 * 3_600_000, hookTimeout: 3 * 3_600_000 });

describe.skipIf(skipped !== undefined)('one disk in all its forms', () => {
  let scratch: string;
  let artifacts: string;
  let record: BuildRecord;

  beforeAll(async () => {
    scratch = await makeScratch('disk-formats');
    artifacts = join(scratch, 'artifacts');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(scratch, 'id')]);
    const key = (await readFile(join(scratch, 'id.pub'), 'utf8')).trim();
    const { update: _, ...config } = JSON.parse(storyConfig({ version: '1.0.0' }, key));
    const file = join(scratch, 'micro-linux.yaml');
    await writeFile(file, JSON.stringify(config));
    const built = await microLinuxJson([
      ...['qcow2', '--config', file, '--artifacts', artifacts],
      ...['--format', ...DISK_FORMAT_NAMES],
    ]);
    record = built['record'] as BuildRecord;
  });
  afterAll(() => removeScratch(scratch));

  /** A file that programs open as a disk. */
  async function diskOf(name: DiskFormatName): Promise<string> {
    const { suffix, driver }: DiskFormat = DISK_FORMATS[name];
    const file = join(artifacts, `micro-linux-bookworm.${suffix}`);
    if (driver !== undefined) {
      return file;
    }
    // Beside the credentials, as `zstd -d` leaves it.
    const unpacked = join(artifacts, 'unpacked.raw');
    await pipeline(createReadStream(file), createZstdDecompress(), createWriteStream(unpacked));
    return unpacked;
  }

  it('is built once, and its record lists each form', () => {
    expect(record.artifacts.map(({ kind }) => kind)).toEqual([...DISK_FORMAT_NAMES]);
    expect(record.steps.filter(({ id }) => id === 'disk')).toHaveLength(1);
  });

  it.each(['qcow2', 'vhdx', 'vmdk'] as const)('%s passes qemu-img check', async (name) => {
    await run('qemu-img', ['check', '-f', name, await diskOf(name)]);
  });

  it('raw is sparse', async () => {
    const { size, blocks } = await stat(await diskOf('raw'));
    expect(blocks * 512).toBeLessThan(size / 2);
  });

  it.each(DISK_FORMAT_NAMES)('%s boots, and is healthy', async (name) => {
    // Generation 2 of Hyper-V starts by UEFI alone.
    const firmware = name === 'vhdx' ? 'uefi' : 'bios';
    const { stdout, stderr, exitCode } = await microLinux([
      ...['test', await diskOf(name), '--artifacts', artifacts, '--firmware', firmware],
    ]);
    expect(`${stdout}${exitCode === 0 ? '' : stderr}`).not.toMatch(/FAIL/);
    expect(exitCode, stderr).toBe(0);
  });
});
