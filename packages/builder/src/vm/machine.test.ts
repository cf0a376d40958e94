import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  awaitSerialInput,
  bootableDisk,
  DEBUG_EXIT_ARGUMENTS,
  debugExitStatus,
  exitCode,
  hang,
  printSerial,
} from './boot-sector.ts';
import { type MachineOptions, parseForwardedPort, startMachine, withMachine } from './machine.ts';
import { qemuMissing } from './qemu-missing.testdata.ts';
import { withWorkspace } from './workspace.ts';

const guest = test.skipIf(qemuMissing());
/** QEMU and a BIOS start in well under a second, unless the host is very busy. */
/** Milliseconds; everything here is faster. */
const soon = { timeoutMs: 600_000 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function machineOf(
  code: readonly (readonly number[])[],
  more: Partial<MachineOptions> = {},
): Promise<MachineOptions> {
  const disk = join(directory, 'guest.img');
  await writeFile(disk, bootableDisk(...code));
  return {
    directory,
    firmware: { kind: 'bios' },
    accelerator: 'tcg',
    memoryMib: 64,
    cpus: 1,
    disks: [{ path: disk, format: 'raw', bus: 'virtio', bootIndex: 0 }],
    network: false,
    watchdog: false,
    noReboot: false,
    display: 'none',
    extra: DEBUG_EXIT_ARGUMENTS,
    serial: { logFile: join(directory, 'console.log') },
    ...more,
  };
}

guest('reads the console of a guest, answers it, and reports how it ended', async () => {
  const code = [
    printSerial('\x1b[1mtiny\x1b[0m login: '),
    awaitSerialInput(),
    printSerial('bye'),
    exitCode(7),
  ];
  const machine = await startMachine(await machineOf(code));
  await machine.waitFor(/^tiny login:/, soon);
  machine.send('x');
  await machine.waitFor('bye', soon);
  await expect(machine.exited).resolves.toMatchObject({ exitCode: debugExitStatus(7) });
  await expect(readFile(join(directory, 'console.log'), 'latin1')).resolves.toBe(
    '\x1b[1mtiny\x1b[0m login: bye',
  );
});

guest('a wait fails early when QEMU ends, with what the console said last', async () => {
  const machine = await startMachine(await machineOf([printSerial('last words'), exitCode(1)]));
  await expect(machine.waitFor('login:', soon)).rejects.toMatchObject({
    code: 'machine-ended',
    why: expect.stringContaining('last words'),
  });
});

guest('a wait fails early when the guest panics', async () => {
  const panic = 'Kernel panic - not syncing: test\r\n';
  await withMachine(await machineOf([printSerial(panic), hang()]), async (machine) => {
    await expect(machine.waitFor('login:', soon)).rejects.toMatchObject({ code: 'boot-failed' });
  });
});

guest('reset boots the guest again, cutPower ends it', async () => {
  const machine = await startMachine(await machineOf([printSerial('up\r\n'), hang()]));
  await machine.waitFor('up', soon);
  const event = machine.qmp.nextEvent('RESET', soon);
  await machine.reset();
  await event;
  await machine.waitFor('up', soon);
  await machine.cutPower();
  await expect(machine.exited).resolves.toMatchObject({ exitCode: 0 });
});

guest('aborting ends the machine and what waits for it', async () => {
  const controller = new AbortController();
  const machine = await startMachine(
    await machineOf([printSerial('up'), hang()], { signal: controller.signal }),
  );
  await machine.waitFor('up', soon);
  const wait = machine.waitFor('more', soon);
  controller.abort();
  await expect(wait).rejects.toMatchObject({ code: 'cancelled' });
  await machine.exited;
});

guest('a guest that ignores the power button is a timeout, and is stopped', async () => {
  await withMachine(await machineOf([printSerial('up'), hang()]), async (machine) => {
    await machine.waitFor('up', soon);
    await expect(machine.powerDown({ timeoutMs: 200 })).rejects.toMatchObject({
      code: 'power-off-timeout',
    });
  });
});

guest('QEMU picks a free port and tells which', async () => {
  const forwarding = { network: { forwards: [{ hostPort: 0, guestPort: 22 }] } };
  await withMachine(await machineOf([hang()], forwarding), async (machine) => {
    await expect(machine.forwardedPort(22)).resolves.toBeGreaterThan(1023);
    await expect(machine.forwardedPort(23)).rejects.toMatchObject({ code: 'port-not-forwarded' });
  });
});

guest('a machine QEMU refuses is an error with its complaint and the command', async () => {
  const options = await machineOf([hang()], { extra: ['-device', 'no-such-device'] });
  await expect(startMachine(options)).rejects.toMatchObject({
    code: 'machine-not-started',
    why: expect.stringMatching(/no-such-device'[\s\S]*not a valid device/),
  });
});

guest('an overlay keeps what a machine wrote, the image stays as it was', async () => {
  const image = join(directory, 'base.img');
  await writeFile(image, bootableDisk(hang()));
  const before = await readFile(image);
  const kept = await withWorkspace({ run }, async (workspace) => {
    const overlay = await workspace.overlay({ path: image, format: 'raw', bytes: 4 * 1024 * 1024 });
    await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 0x55 0 512', overlay]);
    const { stdout } = await run('qemu-img', ['info', '--output=json', overlay]);
    expect(JSON.parse(stdout)).toMatchObject({ 'virtual-size': 4 * 1024 * 1024 });
    await run('qemu-io', ['-f', 'qcow2', '-c', 'read -P 0x55 0 512', overlay]);
    return overlay;
  });
  await expect(stat(kept)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(before.equals(await readFile(image))).toBe(true);
});

test('finds the host port in info usernet by the guest port', () => {
  const usernet = `Hub -1 (net0):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[HOST_FORWARD]  14       127.0.0.1 35309       10.0.2.15    22     0     0
  TCP[HOST_FORWARD]  15       127.0.0.1 40001       10.0.2.15    80     0     0\r\n`;
  expect(parseForwardedPort(usernet, 80)).toBe(40001);
});
