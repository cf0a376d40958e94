import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { diskLayout, espBytesOn, type SectorBytes } from '@micro-linux/provision';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readDisk } from '../../jobs/inspect/read-disk.ts';
import { testStep } from '../../plan/testing.ts';
import { espStep } from '../esp/esp-step.ts';
import { makeFatImage } from '../esp/make-fat-image.ts';
import { diskStep } from './disk-step.ts';

/** The smallest size for an ESP with sectors of 4096 bytes. */
const DISK_BYTES = 522 * MIB;

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'disk-step-'));
});
afterEach(() => rm(scratch, { recursive: true }));

async function context(name: string) {
  const outputDirectory = join(scratch, name);
  await mkdir(outputDirectory);
  return {
    run,
    signal: new AbortController().signal,
    progress: () => {},
    logFile: join(scratch, 'log'),
    outputDirectory,
    workDirectory: scratch,
  };
}

async function given(name: string, content: string): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, content);
  return path;
}

async function makeDisk(name: string, sectorBytes: SectorBytes) {
  const sizes = {
    sizeBytes: DISK_BYTES,
    slotBytes: MIB,
    espBytes: espBytesOn(sectorBytes, 64 * MIB),
  };
  const layout = diskLayout(sizes);
  const step = diskStep({
    ...{ layout, sizeBytes: DISK_BYTES, sectorBytes, buildId: 'build' },
    esp: await given('esp', 'the ESP'),
    rootA: await given('a', 'slot A'),
    data: await given('data', 'data'),
    biosGrub:
      sectorBytes === 4096
        ? undefined
        : { bootCode: await given('boot', 'boot code'), core: await given('core', 'core.img') },
    needs: [],
  });
  const one = await context(name);
  await step.run(one);
  return { image: step.result(one.outputDirectory).image, layout, describe: step.describe };
}

async function at(image: string, offset: number, bytes: number): Promise<string> {
  const file = await open(image);
  const buffer = Buffer.alloc(bytes);
  await file.read(buffer, 0, bytes, offset);
  await file.close();
  return buffer.toString('latin1');
}

it.each([512, 4096] as const)('puts a table for sectors of %d bytes on the disk', async (bytes) => {
  const { image, layout } = await makeDisk('disk', bytes);
  expect(await at(image, bytes, 8)).toBe('EFI PART');
  // The backup at the end.
  expect(await at(image, DISK_BYTES - bytes, 8)).toBe('EFI PART');
  const { stdout } = await run('fdisk', [
    ...['--sector-size', String(bytes), '--list', '-o', 'Start,Sectors,Name', image],
  ]);
  for (const { name, start, sectors } of layout) {
    const [first, count] = [start, sectors].map((number) => (number * 512) / bytes);
    expect(stdout).toMatch(new RegExp(`^ *${first} +${count} +${name}$`, 'm'));
  }
  const facts = await readDisk(image, scratch, run, new AbortController().signal);
  expect(facts.sectorBytes).toBe(bytes);
  expect(
    facts.partitions
      .map(({ number, name, startSector, sectors }) => ({ number, name, startSector, sectors }))
      .toSorted((a, b) => a.startSector - b.startSector),
  ).toEqual(
    layout.map(({ number, name, start: startSector, sectors }) => ({
      number,
      name,
      startSector,
      sectors,
    })),
  );
  const place = (name: string) => (layout.find((one) => one.name === name)?.start ?? 0) * 512;
  expect(await at(image, place('ESP'), 7)).toBe('the ESP');
  expect(await at(image, place('rootA'), 6)).toBe('slot A');
  expect(await at(image, place('data'), 4)).toBe('data');
  expect(await at(image, place('bios'), 4)).toBe(bytes === 512 ? 'core' : '\0\0\0\0');
});

it('makes the same disk again for the same build', async () => {
  const one = await makeDisk('one', 4096);
  const other = await makeDisk('other', 4096);
  await run('cmp', [one.image, other.image]);
});

it('describes a table for 4Kn as commands that can be pasted', async () => {
  const { describe, image } = await makeDisk('told', 4096);
  const there = join(scratch, 'pasted');
  await mkdir(there);
  await run('sh', ['-ec', describe(there).join('\n')]);
  const table = (path: string) => at(path, 4096, 4096 * 5);
  expect(await table(join(there, 'disk.raw'))).toBe(await table(image));
});

it('makes a FAT32 for 4Kn that fsck and mtools accept', async () => {
  const options = {
    ...{ files: [], bootPackages: '', volumeId: '12345678', sourceDateEpoch: 0 },
    ...{ sizeBytes: 260 * MIB, sectorBytes: 4096 as const },
    secureBoot: { packages: [], shim: [], mokManager: [], grub: [], grubConfigDirectory: '/' },
    rootfs: testStep('rootfs'),
  };
  const line = espStep(options)
    .describe('')
    .find((one) => one.includes(' mkfs.vfat '));
  const args = line?.replaceAll("'", '').split(' mkfs.vfat ')[1]?.split(' ') ?? [];
  const tree = join(scratch, 'tree');
  await mkdir(join(tree, 'EFI'), { recursive: true });
  await writeFile(join(tree, 'EFI/file'), 'x'.repeat(5000));
  const image = join(scratch, 'esp.img');
  await makeFatImage(
    { image, bytes: 260 * MIB, arguments: [...args.slice(0, -1), image], tree, sourceDateEpoch: 0 },
    await context('fat'),
  );
  const { stdout } = await run('fsck.fat', ['-n', '-v', image]);
  expect(stdout).toMatch(/^ *4096 bytes per logical sector$/m);
  expect(stdout).toMatch(/32 bit entries/);
  expect(stdout).toMatch(/: 3 files, /);
  // With fewer, firmware that follows the specification treats it as FAT16.
  expect(Number(/, \d+\/(\d+) clusters/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(65_525);
});
