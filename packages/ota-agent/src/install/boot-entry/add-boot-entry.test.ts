import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { testDevice } from '../../testing.ts';
import { addBootEntry } from './add-boot-entry.ts';

const ESP = 'aaaaaaaa-1111-8222-8333-444444444444';
const OPTIONS = {
  disk: '/dev/vda',
  esp: '/dev/vda1',
  partition: 1,
  gone: [],
  label: 'box (noble)',
};

// A test machine has no firmware variables: the matrix tests real ones.
const says =
  (stdout: string): Runner =>
  async () => ({ stdout, stderr: '', exitCode: 0 });

test('creates an entry for the current ESP', async () => {
  const { system, answer, ran } = testDevice();
  answer('/usr/bin/lsblk', says(`${ESP}\n`));
  answer('/usr/bin/efibootmgr', says(`Boot0003* x\tHD(1,GPT,${ESP},0x1800,0x80000)/File(x)\n`));
  expect(await addBootEntry(system, OPTIONS)).toContain('as "box (noble)"');
  expect(ran.filter((line) => line.includes('efibootmgr')).map((line) => line.slice(20))).toEqual([
    '-v',
    '--quiet --bootnum 0003 --delete-bootnum',
    '--quiet --create --disk /dev/vda --part 1 --loader \\EFI\\BOOT\\BOOTX64.EFI --label box (noble)',
  ]);
});

test.each([
  ['there is no efibootmgr', 'tool-missing'],
  ['the variables are read-only or full', 'tool-failed'],
])('does not fail where %s', async (_title, code) => {
  const { system, answer } = testDevice();
  answer('/usr/bin/lsblk', says(`${ESP}\n`));
  answer('/usr/bin/efibootmgr', async () => {
    throw new MicroLinuxError({ code, message: 'efibootmgr did not do it' });
  });
  expect(await addBootEntry(system, OPTIONS)).toBe(
    'no boot entry was added, so the firmware uses the fallback path: efibootmgr did not do it',
  );
});
