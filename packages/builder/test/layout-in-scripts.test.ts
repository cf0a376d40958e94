import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  MIB,
  type PartitionName,
  partitionSpec,
  run,
  SECTOR_BYTES,
  SLOTS,
  slotPartition,
} from '@micro-linux/core';
import {
  END_RESERVE_BYTES,
  LIVE_SLOT_FILE,
  MEDIUM_DIRECTORY,
  MediumPath,
  sfdiskScript,
} from '@micro-linux/provision';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BLOCK_BYTES, EXT4_SCRIPT } from '../src/steps/ext4/make-ext4.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const INITRAMFS = 'packages/builder/rootfs-overlay/usr/share/initramfs-tools/scripts';

/** Every partition number that a script on the device repeats, and how often. */
const REPEATED: readonly {
  readonly file: string;
  readonly pattern: RegExp;
  readonly name: PartitionName;
  readonly times: number;
}[] = [
  {
    file: `${INITRAMFS}/local-bottom/micro-linux`,
    pattern: /\besp="\/dev\/\$\(partition_of "\$disk" (\d+)\)"/g,
    ...{ name: 'ESP', times: 1 },
  },
  {
    file: `${INITRAMFS}/local-bottom/micro-linux`,
    pattern: /\bdata="\/dev\/\$\(partition_of "\$disk" (\d+)\)"/g,
    ...{ name: 'data', times: 1 },
  },
  {
    file: `${INITRAMFS}/local-top/micro-linux`,
    pattern: /\besp="\$\(partition_of "\S+(?: "\$1"\))?" (\d+)\)"/g,
    ...{ name: 'ESP', times: 2 },
  },
  {
    file: 'packages/builder/src/steps/live-system/install',
    pattern: /\bpartition "\$disk" (\d+)\b/g,
    ...{ name: 'rootA', times: 1 },
  },
  { file: 'systemd/scripts/grow-data', pattern: /^NUMBER=(\d+)$/gm, name: 'data', times: 1 },
];

it.each(REPEATED)('$file has the number of $name', ({ file, pattern, name, times }) => {
  const numbers = [...read(file).matchAll(pattern)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: times }, () => partitionSpec(name).number));
});

it.each(['local-top', 'local-bottom'])('%s contains no other number', (script) => {
  const file = `${INITRAMFS}/${script}/micro-linux`;
  const uses = read(file).match(/partition_of .* \d+\)/g) ?? [];
  const compared = REPEATED.filter((one) => one.file === file);
  const numbers = uses.flatMap((use) => use.match(/\s\d+\)/g) ?? []);
  expect(numbers).toHaveLength(compared.reduce((sum, { times }) => sum + times, 0));
});

it('the initramfs finds the slot by its partition number', () => {
  const script = read(`${INITRAMFS}/local-bottom/micro-linux`);
  const [, cases = ''] = /\/partition"\)" in\n([\s\S]*?)\nesac/.exec(script) ?? [];
  const slots = [...cases.matchAll(/^\s*(\d+)\) slot=(\w)/gm)].map(([, number, slot]) => [
    Number(number),
    slot,
  ]);
  expect(slots).toEqual(SLOTS.map((slot) => [slotPartition(slot).number, slot]));
});

it('make-ext4.sh asks for the block size that its arguments are counted in', () => {
  const text = read(EXT4_SCRIPT);
  expect([...text.matchAll(/\bmke2fs .* -b (\d+) /g)].map(([, bytes]) => Number(bytes))).toEqual([
    BLOCK_BYTES,
  ]);
  expect(/ blocks \* (\d+) /.exec(text)?.[1]).toBe(String(BLOCK_BYTES));
  expect(/\(\$1 \+ (\d+)\) \/ (\d+)/.exec(text)?.slice(1)).toEqual([
    String(BLOCK_BYTES - 1),
    String(BLOCK_BYTES),
  ]);
});

it('make-ext4.sh counts the inode tables with the inodes that it asks for', () => {
  const text = read(EXT4_SCRIPT);
  const [, inodeBytes] = /\bmke2fs .* -I (\d+) /.exec(text) ?? [];
  const [, inodesPerBlock] = /\bblocks \+= inodes \/ (\d+);/.exec(text) ?? [];
  expect(Number(inodesPerBlock) * Number(inodeBytes)).toBe(BLOCK_BYTES);
  expect(/\((\d+) bytes an inode\)/.exec(text)?.[1]).toBe(inodeBytes);
});

it('make-ext4.sh adds the reserve that its comment promises, in whole MiB', () => {
  const text = read(EXT4_SCRIPT);
  const [, percent, mebibytes] = /and (\d+) % \+ (\d+) MiB for the rest/.exec(text) ?? [];
  const [, factor, bytes] = /\bblocks \* \d+ \* ([\d.]+) \+ (\d+)\n/.exec(text) ?? [];
  expect(Number(factor)).toBe(1 + Number(percent) / 100);
  expect(Number(bytes)).toBe(Number(mebibytes) * MIB);
  expect(/int\(\(bytes \+ (\d+)\) \/ (\d+)\) \* (\d+) /.exec(text)?.slice(1).map(Number)).toEqual([
    MIB - 1,
    MIB,
    MIB,
  ]);
});

describe('grow-data', () => {
  const text = read('systemd/scripts/grow-data');
  const constant = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(text)?.[1]);

  it('leaves as much for the backup table as sfdisk writes', async () => {
    const image = join(await mkdtemp(join(tmpdir(), 'grow-data-')), 'disk.img');
    onTestFinished(() => rm(dirname(image), { recursive: true }));
    await writeFile(image, '');
    await truncate(image, 8 * MIB);
    await run('sfdisk', ['--quiet', image], {
      input: sfdiskScript([], 'id'),
    });
    const header = (await readFile(image)).subarray(SECTOR_BYTES);
    // UEFI spec 2.10, table 5.5: number and size of the entries, and the last sector for partitions.
    expect(header.readUInt32LE(80) * header.readUInt32LE(84)).toBe(constant('TABLE_BYTES'));
  });

  it('does not grow the partition of a disk that was just built', () => {
    const free = END_RESERVE_BYTES - constant('TABLE_BYTES') - SECTOR_BYTES;
    expect(free).toBeGreaterThanOrEqual(0);
    expect(free).toBeLessThan(constant('SLACK_BYTES'));
  });
});

it('the initramfs mounts the live system from where the ISO has it', () => {
  const text = read(
    'packages/builder/rootfs-overlay/usr/share/initramfs-tools/scripts/micro-linux-live',
  );
  const mounted = [...text.matchAll(/^\s*live_mount "\$live\/(\S+)" (\w+) /gm)];
  expect(mounted.map(([, path]) => path)).toEqual([
    `medium${MediumPath.liveRoot}`,
    `live/${LIVE_SLOT_FILE}`,
  ]);
  expect(text).toContain(`"$live/medium" "$rootmnt${MEDIUM_DIRECTORY}"\n`);
});

function read(file: string): string {
  return readFileSync(join(REPOSITORY, file), 'utf8');
}
