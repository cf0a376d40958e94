import { constants } from 'node:fs';
import { access, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { makeOwnFolder } from '../temporary/own-folder.ts';
import type { Accelerator } from './accelerator.ts';
import { bootableDisk, DEBUG_EXIT_ARGUMENTS, debugExitStatus, exitCode } from './boot-sector.ts';
import { QEMU, qemuArguments } from './qemu-arguments.ts';

/** Whether KVM runs a guest here. */
export type KvmProbe =
  | { readonly usable: true }
  | { readonly usable: false; readonly reason: string };

export interface KvmProbeOptions {
  readonly run: Runner;
  readonly signal?: AbortSignal | undefined;
}

const KVM_DEVICE = '/dev/kvm';
const GUEST_TIMEOUT_MS = 5_000;
/** What the guest says; any value no failure of QEMU's can be mistaken for (status 85). */
const GUEST_VALUE = 0x2a;

const known = new WeakMap<Runner, Promise<KvmProbe>>();

/**
 * Whether KVM runs a guest here: /dev/kvm may open and still not run one, so a guest of a few
 * bytes is really run, once per process.
 *
 * @throws MicroLinuxError `tool-missing` (no QEMU), `cancelled`.
 */
export function probeKvm(options: KvmProbeOptions): Promise<KvmProbe> {
  const earlier = known.get(options.run);
  if (earlier) {
    return earlier;
  }
  const probe = probeDevice(options);
  known.set(options.run, probe);
  probe.catch(() => known.delete(options.run));
  return probe;
}

async function probeDevice(options: KvmProbeOptions): Promise<KvmProbe> {
  try {
    await access(KVM_DEVICE, constants.R_OK | constants.W_OK);
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return {
      usable: false,
      reason: denied
        ? `${KVM_DEVICE} may not be opened by this user (is it in the group kvm?)`
        : `there is no ${KVM_DEVICE} (no virtualisation in the processor, the BIOS or this container)`,
    };
  }
  return runProbeGuest('kvm', options);
}

/**
 * Runs the probe's guest under an accelerator: usable if the guest's own code said so. Under `tcg`
 * it is the control that tells a broken guest from a broken KVM.
 *
 * @throws MicroLinuxError `tool-missing`, `cancelled`.
 */
export async function runProbeGuest(
  accelerator: Accelerator,
  { run, signal }: KvmProbeOptions,
): Promise<KvmProbe> {
  const directory = await makeOwnFolder(tmpdir(), 'micro-linux-kvm-', run);
  try {
    const disk = join(directory, 'guest.img');
    await writeFile(disk, bootableDisk(exitCode(GUEST_VALUE)));
    const status = debugExitStatus(GUEST_VALUE);
    await run(QEMU, probeArguments(accelerator, disk), {
      signal,
      timeoutMs: GUEST_TIMEOUT_MS,
      okExitCodes: [status],
    });
    return { usable: true };
  } catch (error) {
    if (!(error instanceof MicroLinuxError) || !error.code.startsWith('tool-')) {
      throw error;
    }
    if (error.code === 'tool-missing') {
      throw error;
    }
    return { usable: false, reason: reasonOf(error) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function probeArguments(accelerator: Accelerator, disk: string): string[] {
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
    extra: DEBUG_EXIT_ARGUMENTS,
  });
}

/** The first thing QEMU complained of, which says more than how it ended. */
function reasonOf(error: MicroLinuxError): string {
  const complaint = error.why
    ?.split('\n')
    .filter((line) => !line.startsWith('command:'))
    .find((line) => line.startsWith(QEMU));
  return error.code === 'tool-timeout'
    ? `a test guest did not come to life under KVM within ${GUEST_TIMEOUT_MS / 1000} s`
    : (complaint?.replace(`${QEMU}: `, '') ?? error.message);
}
