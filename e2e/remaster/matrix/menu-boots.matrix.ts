import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stubKernel } from '../../grub-states/stub-kernel.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { makeUbuntuIso, remasterOf, SERVER_24_04_2 } from '../../harness/ubuntu-iso/index.ts';

const skipped = await whySkipped('the menu of a remaster, booted');

/** OVMF in one file, as Debian's and Ubuntu's package has it. */
const OVMF = '/usr/share/ovmf/OVMF.fd';

let scratch: string;
let iso: string;

/** A remaster whose kernel prints its command line. */
beforeAll(async () => {
  scratch = await makeScratch('remaster-menu');
  const source = join(scratch, 'source.iso');
  iso = join(scratch, 'remastered.iso');
  await makeUbuntuIso({
    edition: SERVER_24_04_2,
    output: source,
    scratch,
    run,
    change: async (tree) => {
      await writeFile(join(tree, 'casper/vmlinuz'), stubKernel());
    },
  });
  await remasterOf(source, { scratch, output: iso });
});
afterAll(() => removeScratch(scratch));

/** Serial output of a machine that has only the medium. */
async function boot(medium: readonly string[], firmware: readonly string[]): Promise<string> {
  const serial = join(scratch, 'serial');
  await run(
    'qemu-system-x86_64',
    [
      ...['-machine', 'pc,accel=tcg', '-m', '256', '-nodefaults', '-display', 'none', '-no-reboot'],
      ...['-device', 'VGA', '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
      ...['-serial', `file:${serial}`, ...firmware],
      ...['-drive', `file=${iso},format=raw,if=none,id=medium,readonly=on`, ...medium],
    ],
    // isa-debug-exit ends QEMU with (value << 1) | 1.
    { timeoutMs: 20 * 60_000, okExitCodes: [1] },
  );
  return await readFile(serial, 'latin1');
}

const DVD = ['-device', 'ide-cd,drive=medium,bus=ide.1'];
const STICK = ['-device', 'qemu-xhci', '-device', 'usb-storage,drive=medium'];

describe.skipIf(skipped)('GRUB starts the remaster’s entry by default', () => {
  test.each([
    ['a DVD', 'BIOS', DVD, []],
    ['a USB stick', 'BIOS', STICK, []],
    ['a DVD', 'UEFI', DVD, ['-bios', OVMF]],
    ['a USB stick', 'UEFI', STICK, ['-bios', OVMF]],
  ] as const)('from %s by %s', async (_medium, _firmware, device, more) => {
    const said = await boot(device, more);
    const line = said.split('\n').find((one) => one.includes('KERNEL '));
    expect(line).toMatch(/KERNEL BOOT_IMAGE=\/casper\/vmlinuz autoinstall /);
    // The semicolon reached the kernel: GRUB did not end the command there.
    expect(line).toMatch(/ "?ds=nocloud;s=\/cdrom\/nocloud\/"? subiquity-storage-version=2 .*---/);
  });
});
