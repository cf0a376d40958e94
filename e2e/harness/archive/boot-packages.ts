import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import type { DummyPackage } from './dummy-package.ts';
import type { Toolbox } from './toolbox.ts';

/**
 * noble's shim-signed with Debian's programs, unchanged and signed by the same authority; but
 * Debian's shim trusts Debian's signatures, not Ubuntu's.
 *
 * @param shims Debian's packages with the shim and its helpers.
 */
export async function shimSigned(
  toolbox: Toolbox,
  shims: readonly string[],
): Promise<DummyPackage> {
  const tree = await mkdtemp(join(toolbox.scratch, 'shim-'));
  for (const deb of shims) {
    await toolbox.run('dpkg-deb', ['--extract', deb, tree], { signal: toolbox.signal });
  }
  const directory = join(tree, 'usr/lib/shim');
  const file = async (name: string) => {
    if (!(await readdir(directory)).includes(name)) {
      throw new MicroLinuxError({
        code: 'stand-in-package',
        message: `${shims.map((deb) => basename(deb)).join(' and ')} hold no ${name}`,
      });
    }
    return readFile(join(directory, name));
  };
  return {
    name: 'shim-signed',
    version: '1.58+standin1',
    section: 'utils',
    description: "stand-in: Debian's signed shim under noble's file names",
    files: {
      '/usr/lib/shim/shimx64.efi.signed.latest': await file('shimx64.efi.signed'),
      '/usr/lib/shim/fbx64.efi': await file('fbx64.efi.signed'),
      '/usr/lib/shim/mmx64.efi': await file('mmx64.efi.signed'),
    },
  };
}

/**
 * noble's grub-efi-amd64-signed, with a GRUB that looks for its configuration in the same directory
 * as noble's. It is built here and therefore **not signed**: it boots by UEFI, but not with Secure
 * Boot.
 *
 * @param configDirectory Directory on the ESP that is built in as GRUB's prefix.
 */
export async function grubEfiAmd64Signed(
  toolbox: Toolbox,
  configDirectory: string,
): Promise<DummyPackage> {
  const image = join(toolbox.scratch, 'grubx64.efi');
  const sbat = join(toolbox.scratch, 'sbat.csv');
  await writeFile(sbat, SBAT);
  const available = new Set(await readdir(MODULE_DIRECTORY));
  // GRUB 2.12 has no linuxefi any more: `linux` replaces it.
  const modules = MODULES.filter((name) => name !== 'linuxefi' || available.has(`${name}.mod`));
  await toolbox.run(
    'grub-mkimage',
    ['-O', 'x86_64-efi', '-p', configDirectory, '-s', sbat, '-o', image, ...modules],
    { signal: toolbox.signal },
  );
  return {
    name: 'grub-efi-amd64-signed',
    version: '1.202+standin1',
    section: 'utils',
    description: `stand-in: an unsigned GRUB that reads ${configDirectory}/grub.cfg`,
    files: { '/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed': await readFile(image) },
  };
}

/** Modules for grub-mkimage, from the host's grub-efi-amd64-bin. */
const MODULE_DIRECTORY = '/usr/lib/grub/x86_64-efi';

/** shim reads the generation of the programs that it starts from here. */
const SBAT = [
  'sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md',
  'grub,5,Free Software Foundation,grub,stand-in,https://www.gnu.org/software/grub/',
  '',
].join('\n');

/**
 * What Debian's signed GRUB 2.06 has built in, read from the `.modname` sections of its
 * grubx64.efi.signed, without dependencies: a configuration that needs more fails here, too.
 */
const MODULES = [
  ...['all_video', 'boot', 'btrfs', 'cat', 'chain', 'configfile', 'cpuid', 'cryptodisk', 'echo'],
  ...['efifwsetup', 'efinet', 'ext2', 'f2fs', 'fat', 'font', 'gettext', 'gfxmenu', 'gfxterm'],
  ...['gfxterm_background', 'gzio', 'halt', 'help', 'hfsplus', 'iso9660', 'jpeg', 'keystatus'],
  ...['linux', 'linuxefi', 'loadenv', 'loopback', 'ls', 'lsefi', 'lsefimmap', 'lsefisystab'],
  ...['lssal', 'luks', 'luks2', 'lvm', 'mdraid09', 'mdraid1x', 'memdisk', 'minicmd', 'normal'],
  ...['part_apple', 'part_gpt', 'part_msdos', 'password_pbkdf2', 'play', 'png', 'probe'],
  ...['raid5rec', 'raid6rec', 'reboot', 'regexp', 'search', 'search_fs_file', 'search_fs_uuid'],
  ...['search_label', 'serial', 'sleep', 'smbios', 'squash4', 'test', 'tpm', 'true', 'video'],
  ...['xfs', 'zfs', 'zfscrypt', 'zfsinfo'],
];
