import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BOOT_PROGRAMS, EspPath } from '@micro-linux/core';
import { emptyBlock, setVariables, writeBlockFile } from 'grubenv';
import { expect, it } from 'vitest';
import { MessageId } from '../journal/message-ids.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';
import { makeEsp, type ProgramSet, readEspFile } from './esp-image.testdata.ts';
import { peProgram } from './pe-image.testdata.ts';

const programs = (code: string): ProgramSet => [
  peProgram({ sbat: 'sbat,1,x\nshim,4,x\n', code: `shim ${code}` }),
  peProgram({ sbat: 'sbat,1,x\ngrub,5,x\n', code: `grub ${code}` }),
  peProgram({ sbat: 'sbat,1,x\nshim,4,x\n', code: `mm ${code}` }),
];
const OLD = programs('old');

/** A device whose ESP has OLD, and whose running image has `offered`. */
function device(offered: ProgramSet, env = { ...FACTORY, success: true }): TestDevice {
  const made = testDevice('A', env);
  const disk = made.system.espDevice();
  const folder = join(dirname(disk), 'made');
  mkdirSync(folder);
  renameSync(makeEsp(folder, OLD, OLD), disk);
  mkdirSync(made.system.paths.bootloader);
  for (const [index, { name }] of BOOT_PROGRAMS.entries()) {
    writeFileSync(join(made.system.paths.bootloader, name), offered[index] ?? '');
  }
  return made;
}

const active = (made: TestDevice) =>
  BOOT_PROGRAMS.map(({ name }) => readEspFile(made.system.espDevice(), name));

it('replaces what differs, reports it, and does nothing the next time', async () => {
  const next: ProgramSet = [OLD[0], programs('new')[1], OLD[2]];
  const made = device(next);
  const dry = await made.agent('bootloader', '--dry-run');
  expect(dry.stdout).toBe('would replace grubx64.efi\n');
  expect(active(made)).toEqual(OLD);

  const first = await made.agent('bootloader', '--json');
  expect(JSON.parse(first.stdout)).toMatchObject({
    ok: true,
    replaced: ['grubx64.efi'],
    current: ['BOOTX64.EFI', 'mmx64.efi'],
    dryRun: false,
  });
  expect(active(made)).toEqual(next);
  expect(readEspFile(made.system.espDevice(), 'GRUBX64.ALT')).toEqual(OLD[1]);
  expect(made.journal.join('')).toContain(MessageId.bootloaderUpdated);

  const again = await made.agent('bootloader');
  expect(again).toMatchObject({
    exitCode: 0,
    stdout: 'shim and GRUB are already those of this image\n',
  });
});

it.each([
  ['on trial', { ...FACTORY, success: false }],
  ['not the confirmed slot', { ...FACTORY, success: true, confirmed: 'B' }],
] as const)('changes nothing while the running slot is %s', async (_name, env) => {
  const made = device(programs('new'), env);
  const ended = await made.agent('bootloader');
  expect(ended).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('error[boot-unconfirmed]'),
  });
  expect(active(made)).toEqual(OLD);
});

it('changes nothing when the marker names the other slot', async () => {
  const made = device(programs('new'));
  const block = setVariables(emptyBlock(), { confirmed: 'B' });
  writeBlockFile(made.esp(EspPath.confirmed), block);
  expect((await made.agent('bootloader')).stderr).toContain('error[boot-unconfirmed]');
  expect(active(made)).toEqual(OLD);
});

it('changes nothing when one of the programs is refused', async () => {
  const [shim, grub] = programs('new');
  const made = device([shim, grub, peProgram({ sbat: 'sbat,1,x\nshim,3,x\n' })]);
  expect(await made.agent('bootloader')).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining('error[bootloader-rejected]: mmx64.efi'),
  });
  expect(active(made)).toEqual(OLD);
});

it('fails when the image has no boot programs', async () => {
  const made = device(OLD);
  rmSync(made.system.paths.bootloader, { recursive: true });
  expect((await made.agent('bootloader')).stderr).toContain('error[bootloader-missing]');
});

it('changes nothing on an older device whose ESP has no spare files', async () => {
  const made = device(programs('new'));
  writeFileSync(made.system.espDevice(), Buffer.alloc(1 << 20));
  expect(await made.agent('bootloader')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('error[bootloader-unsupported]'),
  });
});
