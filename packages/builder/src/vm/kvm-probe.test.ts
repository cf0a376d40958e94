import { MicroLinuxError, type ProgramExit, type Starter, start } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { chooseAccelerator } from './accelerator.ts';
import { probeKvm, runProbeGuest } from './kvm-probe.ts';
import { qemuMissing } from './qemu-missing.testdata.ts';

const missing = qemuMissing();

test.skipIf(missing).each([false, true])(
  'the probe guest runs where it must: under TCG (SMM %s)',
  async (smm) => {
    await expect(runProbeGuest('tcg', { start, smm })).resolves.toEqual({ usable: true });
  },
);

test.skipIf(missing)('probes this host once', async () => {
  let guests = 0;
  const counting: Starter = (...args) => {
    guests += 1;
    return start(...args);
  };
  const first = await probeKvm({ start: counting });
  const second = await probeKvm({ start: counting });
  expect(second).toBe(first);
  // A host that has passed once may still fail.
  expect(guests).toBeLessThanOrEqual(3);
  if (first.usable) {
    expect(guests).toBe(3);
  } else {
    expect(first.reason).toMatch(/\w/);
  }
});

/** How QEMU ends on hosts that are not available here. */
function ending(exit: Partial<ProgramExit>): Starter {
  return async () => {
    const exited = Promise.resolve({ exitCode: 1, signal: undefined, stderr: '', ...exit });
    return { pid: 2 ** 30, pipes: undefined, exited, kill: () => exited };
  };
}

test.each([
  [
    { stderr: 'qemu-system-x86_64: failed to set MSR 0x10a\nmore', signal: 'SIGABRT' },
    'failed to set MSR 0x10a',
  ],
  [
    { stderr: 'qemu-system-x86_64: System Management Mode not supported by this hypervisor.\n' },
    'System Management Mode not supported by this hypervisor.',
  ],
  [{ stderr: '' }, 'QEMU ended with status 1'],
])('a QEMU that ends with %j is a reason, in its own words', async (exit, reason) => {
  await expect(runProbeGuest('kvm', { start: ending(exit), smm: true })).resolves.toEqual({
    usable: false,
    kind: 'broken',
    reason,
  });
});

test('a QEMU that cannot be started gives no verdict', async () => {
  const failing: Starter = async () => {
    throw new MicroLinuxError({ code: 'tool-missing', message: 'x' });
  };
  await expect(runProbeGuest('kvm', { start: failing })).rejects.toMatchObject({
    code: 'tool-missing',
  });
});

test('a cancelled probe gives no verdict', async () => {
  const signal = AbortSignal.abort();
  await expect(runProbeGuest('kvm', { start: ending({}), signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('auto falls back and says why, kvm fails', async () => {
  const unusable = async () => ({ usable: false, kind: 'broken', reason: 'no VMX' }) as const;
  await expect(chooseAccelerator('auto', unusable)).resolves.toEqual({
    accelerator: 'tcg',
    note: 'no KVM: no VMX',
  });
  await expect(chooseAccelerator('kvm', unusable)).rejects.toMatchObject({
    code: 'kvm-unusable',
    why: 'no VMX',
  });
  await expect(chooseAccelerator('auto', async () => ({ usable: true }))).resolves.toEqual({
    accelerator: 'kvm',
  });
  await expect(
    chooseAccelerator('tcg', () => Promise.reject(new Error('not asked'))),
  ).resolves.toEqual({ accelerator: 'tcg' });
});
