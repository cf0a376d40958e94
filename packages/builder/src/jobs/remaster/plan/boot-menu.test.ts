import { expect, test } from 'vitest';
import { addInstallEntry, type MenuOptions } from './boot-menu.ts';

const OPTIONS: MenuOptions = {
  title: 'Ours',
  consoles: ['tty0', 'ttyS0,115200'],
  countdownSeconds: 7,
};
const ours = (text: string, options = OPTIONS) =>
  addInstallEntry(text, '/boot/grub/grub.cfg', options);

const ENTRY = `menuentry "Install" {
	set gfxpayload=keep
	linux	/casper/vmlinuz  ---
	initrd	/casper/initrd
}
`;

test('is the first and default entry, and boots the kernel of the first entry that installs', () => {
  const other = "menuentry 'Firmware' {\n\tfwsetup\n}\n";
  expect(ours(`set timeout=30\n${other}${ENTRY}`)).toBe(`set default="micro-linux"
set timeout=7
menuentry "Ours" --id micro-linux {
	set gfxpayload=keep
	linux	/casper/vmlinuz autoinstall "ds=nocloud;s=/cdrom/nocloud/" subiquity-storage-version=2 console=tty0 console=ttyS0,115200 ---
	initrd	/casper/initrd
}
${other}${ENTRY}`);
});

test.each([
  ['\tlinux\t/casper/vmlinuz quiet --- splash', / quiet autoinstall .* --- splash$/],
  ['\tlinuxefi /casper/hwe-vmlinuz', / \/casper\/hwe-vmlinuz autoinstall .* ---$/],
  ['  linux /casper/vmlinuz iso-scan/filename=$iso ---', /=\$iso autoinstall .* ---$/],
])(
  'keeps the arguments of the line, and those for the installed system after ---: %s',
  (line, form) => {
    const menu = ours(`menuentry "Install" {\n${line}\ninitrd /casper/initrd\n}\n`);
    expect(menu.split('\n').filter((one) => one.includes('autoinstall'))).toEqual([
      expect.stringMatching(form),
    ]);
  },
);

test.each([
  ['set default=2'],
  ['set default="0"'],
  ['set timeout_style=hidden'],
  ['set timeout=-1'],
  ['set timeout=30'],
])('removes what would choose another entry, or hide the countdown: %s', (line) => {
  for (const menu of [ours(`${line}\n${ENTRY}`), ours(`${ENTRY}${line}\n`)]) {
    expect(menu.match(/^set default=.*$/gm)).toEqual(['set default="micro-linux"']);
    expect(menu.match(/^set timeout.*$/gm)).toEqual(['set timeout=7']);
  }
});

test('leaves the countdown to the calling GRUB', () => {
  expect(ours(ENTRY, { ...OPTIONS, countdownSeconds: undefined })).not.toContain('timeout');
});

test.each([
  '',
  "menuentry 'Firmware' {\n\tfwsetup\n}\n",
  'menuentry "Install" {\n\tlinux /live/vmlinuz\n}\n',
])('refuses a menu that boots no installer: %j', (text) => {
  expect(() => ours(text)).toThrow(
    expect.objectContaining({ code: 'source-iso-incomplete', exitCode: 2 }),
  );
});
