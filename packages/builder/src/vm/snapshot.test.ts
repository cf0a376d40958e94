import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { awaitSerialInput, bootableDisk, hang, printSerial } from './boot-sector.ts';
import { type MachineOptions, withMachine } from './machine.ts';
import { qemuMissing } from './qemu-missing.testdata.ts';
import { saveSnapshot } from './snapshot.ts';

const guest = test.skipIf(qemuMissing());
/** Milliseconds; everything here is faster. */
const soon = { timeoutMs: 600_000 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function machineOn(disk: string, format: 'raw' | 'qcow2', snapshot?: string): MachineOptions {
  return {
    directory,
    firmware: { kind: 'bios' },
    accelerator: 'tcg',
    memoryMib: 64,
    cpus: 1,
    disks: [{ path: disk, format, bus: 'virtio', bootIndex: 0 }],
    network: false,
    watchdog: true,
    noReboot: false,
    display: 'none',
    serial: { logFile: join(directory, 'console.log') },
    snapshot,
  };
}

async function guestDisk(): Promise<string> {
  const disk = join(directory, 'guest.img');
  const code = [printSerial('waiting\n'), awaitSerialInput(), printSerial('went on\n'), hang()];
  await writeFile(disk, bootableDisk(...code));
  return disk;
}

guest('a copy of the disk goes on where the machine was, as often as one likes', async () => {
  const disk = join(directory, 'guest.qcow2');
  await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', await guestDisk(), disk]);
  await withMachine(machineOn(disk, 'qcow2'), async (machine) => {
    await machine.waitFor('waiting', soon);
    await saveSnapshot(machine.qmp, 'here');
    await machine.cutPower();
  });
  for (const copy of ['one.qcow2', 'two.qcow2']) {
    await copyFile(disk, join(directory, copy));
    await withMachine(machineOn(join(directory, copy), 'qcow2', 'here'), async (machine) => {
      machine.send('x');
      await machine.waitFor('went on', soon);
      expect(machine.console.text).not.toContain('waiting');
    });
  }
});

guest('a disk that cannot hold one is an error', async () => {
  await withMachine(machineOn(await guestDisk(), 'raw'), async (machine) => {
    await expect(saveSnapshot(machine.qmp, 'here')).rejects.toMatchObject({
      code: 'snapshot-failed',
    });
  });
});
