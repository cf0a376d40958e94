import { run } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { type IsoMenuOptions, isoMenu, isoStub } from './iso-menu.ts';

const OPTIONS: IsoMenuOptions = {
  title: "Box's system 1.2.3",
  keepsData: false,
  uuid: '2026-01-02-03-04-05-67',
  espUuid: '1234-ABCD',
  consoles: ['tty0', 'ttyS0,115200'],
  kernelArguments: ['quiet'],
  countdownSeconds: 7,
};

test('GRUB accepts the menu and its path', async () => {
  await run('grub-script-check', [], { input: isoMenu(OPTIONS) });
  await run('grub-script-check', [], { input: isoStub(OPTIONS.uuid) });
});

test('shows a countdown, then installs', () => {
  const menu = isoMenu(OPTIONS);
  expect(menu).toContain('set default=install\n');
  expect(menu).toContain('set timeout_style=menu\nset timeout=7\n');
  expect([...menu.matchAll(/--id (\w+) \{/g)].map(([, id]) => id)).toEqual([
    'install',
    'rescue',
    'disk',
  ]);
});

test('says what will be erased', () => {
  expect(isoMenu(OPTIONS)).toContain("system 1.2.3: everything on the disk is lost'");
  expect(isoMenu({ ...OPTIONS, keepsData: true })).toContain("system 1.2.3: data is kept'");
});

test('starts a disk that this ISO installed, so a medium left in the machine does not wipe it', () => {
  expect(isoMenu(OPTIONS)).toContain(
    'if search --no-floppy --fs-uuid --set=ml_esp 1234-ABCD; then\n  set default=disk\nfi',
  );
});

test("the live kernel gets the consoles and arguments of the slot, and the medium's id", () => {
  expect(isoMenu(OPTIONS)).toContain(
    'linux /micro-linux/live/vmlinuz console=tty0 console=ttyS0,115200 quiet boot=micro-linux-live ro ' +
      'micro_linux.live=2026-01-02-03-04-05-67 micro_linux.action=$1 systemd.unit=micro-linux-$1.target systemd.show_status=false $2;',
  );
});
