import { constants } from 'node:fs';
import { access, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cancelled, errnoOf, type ProgramExit, run, type Starter } from '@micro-linux/core';
import { makeOwnFolder } from '../system/temporary/own-folder.ts';
import type { Accelerator, KvmProbe } from './accelerator.ts';
import { bootableDisk, DEBUG_EXIT_ARGUMENTS, debugExitStatus } from './boot-sector.ts';
import { longModeGuest } from './long-mode-guest.ts';
import { awaitStandstill, type ProgressLimits } from './program-progress.ts';
import { QEMU, qemuArguments } from './qemu-arguments.ts';

export interface KvmProbeOptions {
  readonly start: Starter;
  /** Whether the machine will have System Management Mode, which Secure Boot needs. */
  readonly smm?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const KVM_DEVICE = '/dev/kvm';
/** A partly working KVM ran a small guest once, but never a kernel. */
const ATTEMPTS = 3;
/** The guest and its BIOS need 0.1 s of processor time under KVM, and 0.5 s under TCG. */
const LIMITS: ProgressLimits = { cpuMs: 10_000, idleMs: 5_000 };
/** The guest's exit value; no failure of QEMU has the resulting status 85. */
const GUEST_VALUE = 0x2a;

const known = new WeakMap<Starter, Map<boolean, Promise<KvmProbe>>>();

/**
 * Whether KVM runs a guest here: /dev/kvm may open but not run one, so this runs a guest several
 * times that turns on paging and long mode like a kernel. Runs once per process.
 *
 * @throws MicroLinuxError `tool-missing` (no QEMU), `cancelled`.
 */
export function probeKvm(options: KvmProbeOptions): Promise<KvmProbe> {
  const answers = known.get(options.start) ?? new Map<boolean, Promise<KvmProbe>>();
  known.set(options.start, answers);
  const smm = options.smm === true;
  const earlier = answers.get(smm);
  if (earlier) {
    return earlier;
  }
  const probe = probeDevice(options);
  answers.set(smm, probe);
  probe.catch(() => answers.delete(smm));
  return probe;
}

async function probeDevice(options: KvmProbeOptions): Promise<KvmProbe> {
  try {
    await access(KVM_DEVICE, constants.R_OK | constants.W_OK);
  } catch (error) {
    const denied = errnoOf(error) === 'EACCES';
    return {
      usable: false,
      kind: denied ? 'denied' : 'absent',
      reason: denied
        ? `${KVM_DEVICE} may not be opened by this user (is it in the group kvm?)`
        : `there is no ${KVM_DEVICE} (no virtualization in the processor, the BIOS or this container)`,
    };
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const probe = await runProbeGuest('kvm', options);
    if (!probe.usable) {
      return probe;
    }
  }
  return { usable: true };
}

/**
 * Runs the probe's guest once under an accelerator: usable if the guest's code exits with its
 * value. Under `tcg`, this is the control that distinguishes a broken guest from a broken KVM.
 *
 * @throws MicroLinuxError `tool-missing`, `tool-failed` (QEMU cannot be started), `cancelled`.
 */
export async function runProbeGuest(
  accelerator: Accelerator,
  { start, smm, signal }: KvmProbeOptions,
): Promise<KvmProbe> {
  const directory = await makeOwnFolder(tmpdir(), 'micro-linux-kvm-', run);
  try {
    const disk = join(directory, 'guest.img');
    await writeFile(disk, bootableDisk(longModeGuest(GUEST_VALUE)));
    const arguments_ = probeArguments(accelerator, disk, smm === true);
    const qemu = await start(QEMU, arguments_, { terminal: 'none', signal });
    const ended = new AbortController();
    const watched = awaitStandstill(qemu.pid, LIMITS, ended.signal).then(async (standstill) => {
      if (standstill) {
        await qemu.kill();
      }
      return standstill;
    });
    const exit = await qemu.exited;
    ended.abort();
    if (signal?.aborted) {
      throw cancelled('trying KVM was cancelled');
    }
    const standstill = await watched;
    if (exit.exitCode === debugExitStatus(GUEST_VALUE)) {
      return { usable: true };
    }
    return {
      usable: false,
      kind: 'broken',
      reason:
        standstill === undefined
          ? reasonOf(exit)
          : `a test guest did not start: it ${standstill === 'idle' ? 'does nothing' : 'loops'}`,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function probeArguments(accelerator: Accelerator, disk: string, smm: boolean): string[] {
  return qemuArguments({
    firmware: { kind: 'bios' },
    accelerator,
    memoryMib: 64,
    cpus: 1,
    disks: [{ path: disk, format: 'raw', bus: 'virtio', readOnly: true, bootIndex: 0 }],
    serial: { kind: 'none' },
    network: false,
    watchdog: false,
    noReboot: true,
    display: 'none',
    // Without it, KVM gives a machine no System Management Mode; SeaBIOS does not use it.
    extra: [...DEBUG_EXIT_ARGUMENTS, '-machine', `smm=${smm ? 'on' : 'off'}`],
  });
}

/** QEMU's first error message, which says more than its status. */
function reasonOf({ stderr, exitCode, signal }: ProgramExit): string {
  const complaint = stderr.split('\n').find((line) => line.startsWith(QEMU));
  return (
    complaint?.replace(`${QEMU}: `, '') ??
    (signal === undefined ? `QEMU ended with status ${exitCode}` : `QEMU was ended by ${signal}`)
  );
}
