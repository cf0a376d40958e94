import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bootableDisk, hang, printSerial } from './boot-sector.ts';
import { silence, withLivelyMachine } from './lively-machine.ts';
import { type MachineOptions, withMachine } from './machine.ts';
import { qemuMissing } from './qemu-missing.testdata.ts';

const guest = test.skipIf(qemuMissing());
/** Milliseconds; everything here is faster. */
const soon = { timeoutMs: 600_000 };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function machineOf(
  accelerator: MachineOptions['accelerator'],
  ...code: readonly (readonly number[])[]
): Promise<MachineOptions> {
  const disk = join(directory, 'guest.img');
  await writeFile(disk, bootableDisk(...code));
  return {
    directory,
    firmware: { kind: 'bios' },
    accelerator,
    memoryMib: 64,
    cpus: 1,
    disks: [{ path: disk, format: 'raw', bus: 'virtio', bootIndex: 0 }],
    network: false,
    watchdog: false,
    noReboot: false,
    display: 'none',
    serial: { logFile: join(directory, 'console.log') },
  };
}

/** jmp to itself. */
const SPIN = [0xeb, 0xfe];

guest.each([
  ['halts', hang(), { cpuMs: 600_000, idleMs: 2000 }, 'idle'],
  ['spins', SPIN, { cpuMs: 3000, idleMs: 600_000 }, 'spins'],
] as const)(
  'a guest that %s without a word shows no life',
  async (_what, code, limits, verdict) => {
    await withMachine(await machineOf('tcg', code), async (machine) => {
      expect(await silence(machine, limits, undefined)).toBe(verdict);
    });
  },
);

guest('a guest that says a word is alive, whatever it does then', async () => {
  const options = await machineOf('tcg', printSerial('x'), hang());
  await withMachine(options, async (machine) => {
    expect(await silence(machine, { cpuMs: 600_000, idleMs: 600_000 }, undefined)).toBeUndefined();
  });
});

/**
 * Runs for real: without working KVM, no guest runs under it. With it, the machine boots under KVM.
 */
guest('a machine that has no KVM to run under comes up under TCG, and says so', async () => {
  const told: string[] = [];
  const options = await machineOf('kvm', printSerial('alive\n'), hang());
  const lively = { choice: 'auto', tell: (line: string) => void told.push(line) } as const;
  await withLivelyMachine(options, lively, async (machine) => {
    await machine.waitFor('alive', soon);
    if (/-accel tcg/.test(machine.command)) {
      expect(told).toEqual([
        expect.stringMatching(/^the guest does not run under KVM \(.+\): starting again/),
      ]);
    } else {
      expect(told).toEqual([]);
    }
  });
});

guest('one who asks for KVM by name gets it, or an error', async () => {
  const options = await machineOf('kvm', printSerial('alive\n'), hang());
  const lively = { choice: 'kvm', tell: () => expect.unreachable() } as const;
  const command = await withLivelyMachine(options, lively, async (one) => one.command).catch(
    (error: { readonly code: string }) => error.code,
  );
  expect(command).toMatch(/-accel kvm|^machine-not-started$/);
});
