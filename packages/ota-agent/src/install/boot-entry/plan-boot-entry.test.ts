import { expect, test } from 'vitest';
import { parseBootEntries, planBootEntry } from './plan-boot-entry.ts';

const ESP = 'aaaaaaaa-1111-8222-8333-444444444444';
const OLD = 'bbbbbbbb-1111-8222-8333-444444444444';

/** As version 17 prints it (Debian 12), and 18 (Ubuntu 24.04). */
const SAID = `BootCurrent: 0002
Timeout: 0 seconds
BootOrder: 0002,0001,0000
Boot0000* UiApp\tFvVol(7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1)/FvFile(462caa21-7614-4503-836e-8ab6f4662331)
Boot0001* UEFI Misc Device\tPciRoot(0x0)/Pci(0x3,0x0){auto_created_boot_option}
Boot0002* box (noble)\tHD(1,GPT,${OLD.toUpperCase()},0x1800,0x80000)/File(\\EFI\\BOOT\\BOOTX64.EFI)
      dp: 04 01 2a 00 / 7f ff 04 00
Boot0003  other\tHD(1,GPT,${ESP},0x1800,0x80000)/\\EFI\\BOOT\\BOOTX64.EFI
Boot000A* Windows Boot Manager\tHD(2,GPT,cccccccc-1111-8222-8333-444444444444,0x1800,0x80000)/File(\\EFI\\MICROSOFT\\BOOT\\BOOTMGFW.EFI)
`;

const FACTS = { esp: ESP, gone: [], disk: '/dev/vda', partition: 1, label: 'box (noble)' };
const CREATE = [
  ...['--quiet', '--create', '--disk', '/dev/vda', '--part', '1'],
  ...['--loader', '\\EFI\\BOOT\\BOOTX64.EFI', '--label', 'box (noble)'],
];

test('entries and their partitions', () => {
  expect(parseBootEntries(SAID)).toEqual([
    { number: '0000', partUuid: undefined },
    { number: '0001', partUuid: undefined },
    { number: '0002', partUuid: OLD },
    { number: '0003', partUuid: ESP },
    { number: '000A', partUuid: 'cccccccc-1111-8222-8333-444444444444' },
  ]);
  expect(parseBootEntries('No BootOrder is set; firmware will attempt recovery\n')).toEqual([]);
});

test('one entry for the disk; those of other disks stay', () => {
  const entries = parseBootEntries(SAID);
  expect(planBootEntry({ ...FACTS, entries: [] })).toEqual([CREATE]);
  expect(planBootEntry({ ...FACTS, entries })).toEqual([
    ['--quiet', '--bootnum', '0003', '--delete-bootnum'],
    CREATE,
  ]);
  expect(planBootEntry({ ...FACTS, entries, gone: [OLD.toUpperCase()] })).toEqual([
    ['--quiet', '--bootnum', '0002', '--delete-bootnum'],
    ['--quiet', '--bootnum', '0003', '--delete-bootnum'],
    CREATE,
  ]);
});
