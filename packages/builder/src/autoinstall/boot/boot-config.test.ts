import { expect, test } from 'vitest';
import { lintSeed } from '../check/lint-seed.ts';
import { bootConfigFindings, isBootConfig } from './boot-config.ts';

const rulesOf = (text: string) => bootConfigFindings(text).map(({ rule }) => rule);
const STORAGE = 'subiquity-storage-version=2';

test.each([
  `\tlinux\t/casper/vmlinuz autoinstall "ds=nocloud;s=/cdrom/nocloud/" ${STORAGE} ---`,
  `linux /casper/vmlinuz autoinstall ds=nocloud\\;s=/cdrom/nocloud/ ${STORAGE} --- quiet`,
  `linux /casper/vmlinuz autoinstall 'ds=nocloud;s=/cdrom/nocloud/' ${STORAGE} ---`,
  `linux /casper/vmlinuz autoinstall ${STORAGE} ---`,
  // cloud-init appends the slash.
  `linux /casper/vmlinuz autoinstall "ds=nocloud;s=/cdrom/nocloud" ${STORAGE} ---`,
  `linux /noble/vmlinuz ip=dhcp url=http://boot.example/noble.iso autoinstall "ds=nocloud-net;s=http://boot.example/seed/" ${STORAGE} ---`,
  `set seed='ds=nocloud;s=/cdrom/nocloud/'\nlinux /casper/vmlinuz autoinstall $seed ${STORAGE} ---`,
  `submenu "More" {\n menuentry "Install" {\n  linuxefi /casper/vmlinuz \\\n   autoinstall ${STORAGE} ---\n }\n}`,
  `if true; then linux /casper/vmlinuz autoinstall ${STORAGE} ---; fi`,
])('%j is fine', (text) => {
  expect(isBootConfig(text, 'x')).toBe(true);
  expect(rulesOf(text)).toEqual([]);
});

test.each([
  ['linux /casper/vmlinuz ---', ['boot-autoinstall']],
  ['linux /casper/vmlinuz quiet autoinstall.x ---', ['boot-autoinstall']],
  ['linux /casper/vmlinuz autoinstall ---', ['boot-storage']],
  [`linux /casper/vmlinuz autoinstall ds=nocloud;s=/cdrom/ ${STORAGE} ---`, ['semicolon']],
  [`linux /casper/vmlinuz autoinstall ds=nocloud\\\\;s=/cdrom/ ${STORAGE} ---`, ['semicolon']],
  [
    `linux /casper/vmlinuz autoinstall "ds=nocloud;s=cdrom/nocloud/" ${STORAGE} ---`,
    ['boot-seed-path'],
  ],
  [
    `linux /casper/vmlinuz ${STORAGE} --- autoinstall "ds=nocloud;s=/cdrom/"`,
    ['boot-arguments', 'boot-arguments'],
  ],
  [`linux /casper/vmlinuz $more ---`, ['boot-variable']],
  [`linux /casper/vmlinuz iso-scan/filename=\${iso_path} autoinstall ${STORAGE} ---`, []],
  [`linux /casper/vmlinuz iso-scan/filename=\${iso_path} ---`, ['boot-autoinstall']],
  [`menuentry "a" { linux /casper/vmlinuz autoinstall ${STORAGE} ---`, ['boot-syntax']],
  [`linux /casper/vmlinuz autoinstall "ds=nocloud ${STORAGE} ---`, ['boot-syntax', 'boot-storage']],
])('%j: %j', (text, rules) => {
  expect(rulesOf(text)).toEqual(rules);
});

test('checks the entry of a netboot server, whose kernel is elsewhere', () => {
  const text = [
    'set timeout=5',
    'menuentry "Install" {',
    '  linux /noble/vmlinuz ip=dhcp url=http://boot.example/noble.iso ds=nocloud-net;s=http://boot.example/seed/ ---',
    '  initrd /noble/initrd',
    '}',
  ].join('\n');
  expect(bootConfigFindings(text)).toMatchObject([
    { rule: 'boot-autoinstall', line: 3, column: 3 },
    { rule: 'semicolon', line: 3, column: 66 },
  ]);
});

test.each([
  'linux /boot/vmlinuz root=/dev/sda1',
  'linux16 /boot/memtest86+x64.bin',
  'menuentry "x" { configfile /boot/other.cfg }',
  'set timeout=5',
  '',
])('%j: that nothing was looked at is an error', (text) => {
  expect(rulesOf(text)).toEqual(['boot-nothing']);
  const { form, findings } = lintSeed(text, { file: 'grub.cfg', installer: 'subiquity' });
  expect(form).toBe('boot-config');
  expect(findings).toMatchObject([{ rule: 'boot-nothing', severity: 'error' }]);
});

test('old entries below a good one may stay unchanged', () => {
  const good = `linux /casper/vmlinuz autoinstall ${STORAGE} ---`;
  expect(rulesOf(`${good}\nlinux /casper/vmlinuz ---\nlinux16 /boot/memtest86+x64.bin`)).toEqual(
    [],
  );
});

test.each([
  '#cloud-config\nautoinstall:\n  late-commands:\n    - |\n      linux x',
  'version: 1\nlate-commands:\n  - |\n    menuentry x {\n    linux /casper/vmlinuz\n    }\n',
])('a seed that writes a grub.cfg is still a seed', (text) => {
  expect(isBootConfig(text, 'user-data')).toBe(false);
});
