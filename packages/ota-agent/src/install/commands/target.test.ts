import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { testDevice } from '../../testing.ts';
import { withTarget } from './target.ts';

const INSTALLED = { slotA: '/dev/vda2', data: '/dev/vda4', esp: '/dev/vda1' };
const ok: Runner = async () => ({ stdout: '', stderr: '', exitCode: 0 });
const busy: Runner = async () => {
  throw new MicroLinuxError({ code: 'command-failed', message: 'umount: /target: busy' });
};

function device(umount: Runner) {
  const one = testDevice();
  one.answer('/usr/bin/mount', ok);
  one.answer('/usr/sbin/chroot', ok);
  one.answer('/usr/bin/umount', umount);
  return one;
}

test('unmounts the target, whatever happens in it', async () => {
  const { system, ran } = device(ok);
  expect(await withTarget(system, INSTALLED, async () => 'done')).toBe('done');
  expect(ran.at(-1)).toBe('/usr/bin/umount --recursive /target');
});

test('reports a target that stays busy, but never hides another error', async () => {
  const { system, ran } = device(busy);
  await expect(withTarget(system, INSTALLED, async () => 'done')).rejects.toThrow('busy');
  const failing = async () => {
    throw new Error('late-commands[0] of the seed failed');
  };
  await expect(withTarget(system, INSTALLED, failing)).rejects.toThrow('late-commands[0]');
  expect(ran.filter((line) => line.includes('umount'))).toHaveLength(2);
});
