import { MicroLinuxError, type Runner, run } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { chooseAccelerator } from './accelerator.ts';
import { probeKvm, runProbeGuest } from './kvm-probe.ts';
import { qemuMissing } from './qemu-missing.testdata.ts';

const missing = qemuMissing();

test.skipIf(missing)('the probe guest runs where it must: under TCG', async () => {
  await expect(runProbeGuest('tcg', { run })).resolves.toEqual({ usable: true });
});

test.skipIf(missing)('the probe comes to a verdict about this host, and asks once', async () => {
  let guests = 0;
  const counting: Runner = (...args) => {
    guests += 1;
    return run(...args);
  };
  const first = await probeKvm({ run: counting });
  const second = await probeKvm({ run: counting });
  expect(second).toBe(first);
  expect(guests).toBeLessThanOrEqual(1);
  if (!first.usable) {
    expect(first.reason).toMatch(/\w/);
  }
});

test('a QEMU that dies is a reason, in its own words', async () => {
  const dying: Runner = async () => {
    throw new MicroLinuxError({
      code: 'tool-failed',
      message: 'qemu-system-x86_64 was ended by SIGABRT',
      why: 'command: qemu-system-x86_64 -accel kvm\nits last lines:\nqemu-system-x86_64: failed to set MSR 0x10a\nmore',
    });
  };
  await expect(runProbeGuest('kvm', { run: dying })).resolves.toEqual({
    usable: false,
    reason: 'failed to set MSR 0x10a',
  });
});

test('a guest that does not come to life is a reason', async () => {
  const hanging: Runner = async () => {
    throw new MicroLinuxError({ code: 'tool-timeout', message: 'did not end within 5000 ms' });
  };
  await expect(runProbeGuest('kvm', { run: hanging })).resolves.toMatchObject({
    usable: false,
    reason: expect.stringContaining('5 s'),
  });
});

test.each(['tool-missing', 'cancelled'])('%s is no verdict', async (code) => {
  const failing: Runner = async () => {
    throw new MicroLinuxError({ code, message: 'x' });
  };
  await expect(runProbeGuest('kvm', { run: failing })).rejects.toMatchObject({ code });
});

test('auto falls back and says why, kvm insists', async () => {
  const unusable = async () => ({ usable: false, reason: 'no VMX' }) as const;
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
