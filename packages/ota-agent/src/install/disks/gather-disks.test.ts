import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDevice } from '../../testing.ts';
import { gatherDisks, mediumDisk } from './gather-disks.ts';

const NODE = {
  size: 8_589_934_592,
  ro: false,
  rm: false,
  rota: false,
  tran: null,
  'log-sec': 512,
  model: null,
  mountpoints: [null],
  parttype: null,
  partuuid: null,
  partlabel: null,
};

function device(blockdevices: readonly object[], udev = '') {
  const { system, answer } = testDevice();
  const answered = (stdout: string) => async () => ({ stdout, stderr: '', exitCode: 0 });
  // Without --tree or a column NAME it lists partitions next to their disks, in JSON too.
  answer('/usr/bin/lsblk', async (_file, args) =>
    answered(
      JSON.stringify({ blockdevices: args.includes('--tree') ? blockdevices : flat(blockdevices) }),
    )(),
  );
  answer('/usr/bin/udevadm', answered(udev));
  return system;
}

function flat(nodes: readonly object[]): readonly object[] {
  return nodes.flatMap((node) => {
    const { children = [], ...own } = node as { readonly children?: readonly object[] };
    return [own, ...flat(children)];
  });
}

test('lists whole disks with their partitions; no loop devices, empty drives or CD drives', async () => {
  const system = device(
    [
      { ...NODE, path: '/dev/loop0', type: 'loop' },
      { ...NODE, path: '/dev/sr0', type: 'rom', rm: true },
      { ...NODE, path: '/dev/sdb', type: 'disk', size: 0, rm: true },
      {
        ...NODE,
        path: '/dev/vda',
        type: 'disk',
        children: [
          {
            ...NODE,
            path: '/dev/vda1',
            type: 'part',
            size: 1_048_576,
            mountpoints: ['/boot/efi'],
            parttype: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
            partuuid: 'aaaaaaaa-1111-8222-8333-444444444444',
            partlabel: 'ESP',
            children: [{ ...NODE, path: '/dev/md0', type: 'raid1', mountpoints: ['/srv'] }],
          },
          { ...NODE, path: '/dev/vda2', type: 'part', parttype: '0x83' },
        ],
      },
    ],
    'ID_SERIAL=QEMU_1\nID_SERIAL_SHORT=1\nID_MODEL=A=B\nDEVLINKS=/dev/disk/by-id/x /dev/disk/by-path/y\n',
  );
  for (const [name, number, start] of [
    ['vda1', 1, 6144],
    ['vda2', 2, 8192],
  ] as const) {
    mkdirSync(join(system.paths.sysBlock, name), { recursive: true });
    writeFileSync(join(system.paths.sysBlock, name, 'partition'), `${number}\n`);
    writeFileSync(join(system.paths.sysBlock, name, 'start'), `${start}\n`);
  }
  expect(await gatherDisks(system)).toEqual([
    {
      path: '/dev/vda',
      sizeBytes: NODE.size,
      logicalBlockBytes: 512,
      readOnly: false,
      removable: false,
      rotational: false,
      serials: ['QEMU_1', '1'],
      model: 'A=B',
      links: ['/dev/disk/by-id/x', '/dev/disk/by-path/y'],
      mountPoints: ['/boot/efi', '/srv'],
      takeDown: undefined,
      partitions: [
        {
          path: '/dev/vda1',
          number: 1,
          startBytes: 3_145_728,
          sizeBytes: 1_048_576,
          typeGuid: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
          partUuid: 'aaaaaaaa-1111-8222-8333-444444444444',
          name: 'ESP',
        },
        {
          path: '/dev/vda2',
          number: 2,
          startBytes: 4_194_304,
          sizeBytes: NODE.size,
          typeGuid: undefined,
          partUuid: undefined,
          name: undefined,
        },
      ],
    },
  ]);
});

test('counts every USB disk as removable, whatever it reports', async () => {
  const system = device([{ ...NODE, path: '/dev/sda', type: 'disk', tran: 'usb' }]);
  expect(await gatherDisks(system)).toMatchObject([{ removable: true }]);
});

test('rejects output that is not a list', async () => {
  await expect(gatherDisks(device([{ path: '/dev/vda' }]))).rejects.toMatchObject({
    code: 'disks-unknown',
  });
});

test('finds the disk of a medium on a stick, not on a DVD or in a directory', async () => {
  const { system, answer } = testDevice();
  const sources: Record<string, string> = { '/stick': '/dev/sda1', '/dvd': '/dev/sr0' };
  const inverse: Record<string, string> = {
    '/dev/sda1': '/dev/sda1 part\n/dev/sda  disk\n',
    '/dev/sr0': '/dev/sr0 rom\n',
  };
  const last = (args: readonly string[]) => args.at(-1) ?? '';
  answer('/usr/bin/findmnt', async (_file, args) => ({
    stdout: `${sources[last(args)] ?? 'tmpfs[/x]'}\n`,
    stderr: '',
    exitCode: 0,
  }));
  answer('/usr/bin/lsblk', async (_file, args) => ({
    stdout: inverse[last(args)] ?? '',
    stderr: '',
    exitCode: 0,
  }));
  expect(await mediumDisk(system, '/stick')).toBe('/dev/sda');
  expect(await mediumDisk(system, '/dvd')).toBeUndefined();
  expect(await mediumDisk(system, '/elsewhere')).toBeUndefined();
});
