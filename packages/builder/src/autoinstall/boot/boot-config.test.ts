import { expect, test } from 'vitest';
import { bootConfigFindings, isBootConfig } from './boot-config.ts';

const rulesOf = (line: string) => bootConfigFindings(line).map(({ rule }) => rule);

test.each([
  '\tlinux\t/casper/vmlinuz autoinstall "ds=nocloud;s=/cdrom/nocloud/" subiquity-storage-version=2 ---',
  'linux /casper/vmlinuz autoinstall ds=nocloud\\;s=/cdrom/nocloud/ subiquity-storage-version=2 --- quiet',
  'linux /casper/vmlinuz autoinstall subiquity-storage-version=2 ---',
])('%j is fine', (line) => {
  expect(isBootConfig(line)).toBe(true);
  expect(rulesOf(line)).toEqual([]);
});

test.each([
  ['linux /casper/vmlinuz ---', ['boot-autoinstall']],
  ['linux /casper/vmlinuz quiet autoinstall.x ---', ['boot-autoinstall']],
  ['linux /casper/vmlinuz autoinstall ---', ['boot-storage']],
  [
    'linux /casper/vmlinuz autoinstall ds=nocloud;s=/cdrom/ subiquity-storage-version=2 ---',
    ['semicolon'],
  ],
  [
    'linux /casper/vmlinuz autoinstall "ds=nocloud;s=/cdrom" subiquity-storage-version=2 ---',
    ['boot-seed-path'],
  ],
  [
    'linux /casper/vmlinuz subiquity-storage-version=2 --- autoinstall "ds=nocloud;s=/cdrom/"',
    ['boot-arguments', 'boot-arguments'],
  ],
])('%j: %j', (line, rules) => {
  expect(rulesOf(line)).toEqual(rules);
});

test('old entries below a good one may stay as they are', () => {
  const good = 'linux /casper/vmlinuz autoinstall subiquity-storage-version=2 ---';
  expect(rulesOf(`${good}\nlinux /casper/vmlinuz ---\nlinux16 /boot/memtest86+x64.bin`)).toEqual(
    [],
  );
});

test('a seed that writes a grub.cfg is still a seed', () => {
  expect(
    isBootConfig('#cloud-config\nautoinstall:\n  late-commands:\n    - |\n      linux x'),
  ).toBe(false);
});
