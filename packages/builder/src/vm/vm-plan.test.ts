import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planVm, type VmPlanOptions } from './vm-plan.ts';

const options: VmPlanOptions = {
  image: { path: '/images/disk.raw', format: 'raw', bytes: 1024, sectorBytes: 512 },
  firmware: 'bios',
  accelerator: 'tcg',
  memoryMib: 512,
  cpus: 1,
  forwards: [],
  keep: false,
  window: false,
};
const directory = join(tmpdir(), 'micro-linux-vm');

test('the image is booted through an overlay', async () => {
  const [makeDirectory, makeOverlay, qemu] = await planVm(options);
  expect(makeDirectory).toEqual(['mkdir', '-p', directory]);
  expect(makeOverlay?.join(' ')).toBe(
    `qemu-img create -q -f qcow2 -b /images/disk.raw -F raw ${directory}/overlay.qcow2 1024`,
  );
  expect(qemu?.join(' ')).toContain(`file=${directory}/overlay.qcow2`);
  expect(qemu?.join(' ')).not.toContain('/images/disk.raw');
});

test('--keep boots the image itself, in its own format', async () => {
  const commands = await planVm({
    ...options,
    keep: true,
    forwards: [{ hostPort: 2222, guestPort: 22 }],
  });
  expect(commands.map(([program]) => program)).toEqual(['mkdir', 'qemu-system-x86_64']);
  expect(commands[1]?.join(' ')).toMatch(/format=raw,.*file=\/images\/disk\.raw/);
  expect(commands[1]?.join(' ')).toContain('hostfwd=tcp:127.0.0.1:2222-:22');
});
