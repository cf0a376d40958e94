import { describe, expect, it } from 'vitest';
import { testDevice } from '../testing.ts';
import { twinDisks } from './twins.ts';

const GUID = '5a1c0000-0000-4000-8000-00000000000a';

function deviceWith(stdout: string) {
  const device = testDevice('A');
  // The disks of a device, which no test machine has.
  device.answer('/usr/bin/lsblk', async () => ({ stdout, stderr: '', exitCode: 0 }));
  return device;
}

const disks = (
  ...rows: readonly (readonly [path: string, disk: string | null, guid: string | null])[]
) =>
  JSON.stringify({
    blockdevices: rows.map(([path, pkname, partuuid]) => ({ path, pkname, partuuid })),
  });

const OWN = [
  ['/dev/vda', null, null],
  ['/dev/vda1', '/dev/vda', 'ffffffff-0000-4000-8000-00000000000a'],
  ['/dev/vda2', '/dev/vda', GUID],
] as const;

describe('twinDisks', () => {
  it('names other disks with the same root partition', async () => {
    const list = disks(
      ...OWN,
      ['/dev/nvme0n1p2', '/dev/nvme0n1', GUID.toUpperCase()],
      ['/dev/sr0', null, null],
      ['/dev/sda2', '/dev/sda', 'ffffffff-0000-4000-8000-00000000000b'],
    );
    expect(await twinDisks(deviceWith(list).system)).toEqual(['/dev/nvme0n1']);
  });

  it('is empty when there is none', async () => {
    expect(await twinDisks(deviceWith(disks(...OWN)).system)).toEqual([]);
  });

  it.each(['', '{}', '{"blockdevices":[]}', disks(['/dev/vda2', '/dev/vda', null])])(
    'does not know when lsblk prints %j',
    async (stdout) => {
      expect(await twinDisks(deviceWith(stdout).system)).toBeUndefined();
    },
  );

  it('is shown by status, as text and as JSON', async () => {
    const device = deviceWith(disks(...OWN, ['/dev/sdb2', '/dev/sdb', GUID]));
    expect((await device.agent('status')).stdout).toContain(
      'twin      /dev/sdb has the same partitions as this disk',
    );
    const { stdout } = await device.agent('status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ twins: ['/dev/sdb'] });
    const alone = await deviceWith(disks(...OWN)).agent('status');
    expect(alone.stdout).not.toContain('twin');
  });

  it('that is unknown does not make status fail, which says so', async () => {
    const { exitCode, stdout } = await deviceWith('').agent('status');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('note      cannot determine whether another disk');
  });
});
