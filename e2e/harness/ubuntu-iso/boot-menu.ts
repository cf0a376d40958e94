import { type Edition, hasNewerKernel } from './edition.ts';

/**
 * A grub.cfg of the form that the live server's has (function, not wording): one entry, or two from
 * 24.04.2 on, then a part for UEFI and one for BIOS.
 */
export function bootMenu(edition: Edition): string {
  return [
    'set timeout=30',
    '',
    'loadfont unicode',
    '',
    'set menu_color_normal=white/black',
    'set menu_color_highlight=black/light-gray',
    '',
    ...installerEntry('Install the server', 'vmlinuz', 'initrd'),
    ...(hasNewerKernel(edition)
      ? installerEntry('Install the server (newer kernel)', 'hwe-vmlinuz', 'hwe-initrd')
      : []),
    'grub_platform',
    'if [ "$grub_platform" = "efi" ]; then',
    "menuentry 'Go on to the next disk' {",
    '\texit 1',
    '}',
    "menuentry 'Settings of the firmware' {",
    '\tfwsetup',
    '}',
    'else',
    "menuentry 'Look for bad memory' {",
    '\tlinux16 /boot/memtest86+x64.bin',
    '}',
    'fi',
    '',
  ].join('\n');
}

/** The menu for a GRUB that has mounted the ISO's file: it hands the file's name on. */
export function loopbackMenu(): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of GRUB
  return installerEntry('Install the server', 'vmlinuz', 'initrd', 'iso-scan/filename=${iso_path}')
    .join('\n')
    .concat('\n');
}

function installerEntry(title: string, kernel: string, initrd: string, args = ''): string[] {
  return [
    `menuentry "${title}" {`,
    '\tset gfxpayload=keep',
    `\tlinux\t/casper/${kernel} ${args} ---`,
    `\tinitrd\t/casper/${initrd}`,
    '}',
  ];
}
