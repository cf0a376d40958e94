import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { bootMenu, loopbackMenu } from './boot-menu.ts';
import { diskInfo, type Edition, hasNewerKernel } from './edition.ts';
import { INSTALL_SOURCES } from './install-sources.ts';

const BASE = 'ubuntu-server-minimal';
const INSTALLER = `${BASE}.ubuntu-server.installer`;

/**
 * Writes the files of an ISO, all but what boots it and `/md5sum.txt`: the official one's paths, small
 * files of the right kind in them. Kernel and initrd are not bootable.
 */
export async function writeUbuntuTree(edition: Edition, tree: string, run: Runner): Promise<void> {
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  };
  await write('.disk/info', diskInfo(edition));
  await write('.disk/base_installable', '');
  await write('.disk/cd_type', 'full_cd/single\n');
  await write('.disk/casper-uuid-generic', '11111111-2222-4333-8444-555555555555\n');
  await write('boot/grub/grub.cfg', bootMenu(edition));
  if (edition.loopbackMenu) {
    await write('boot/grub/loopback.cfg', loopbackMenu());
  }
  await write('boot/memtest86+x64.bin', 'no memory test');
  await write('casper/vmlinuz', 'no kernel');
  await write('casper/initrd', 'no initrd');
  await write('dists/noble/Release', 'Suite: noble\n');
  await write('dists/noble/main/binary-amd64/Packages', 'Package: nothing\n');
  await write('pool/main/n/nothing/nothing_1_all.deb', `${'no package '.repeat(10_000)}\n`);
  await write('install/.keep', '');
  await symlink('noble', join(tree, 'dists/stable'));
  await symlink('.', join(tree, 'ubuntu'));
  if (edition.product === 'Ubuntu') {
    // A desktop: other layers, and the same kind of list of sources.
    await layer(join(tree, 'casper/minimal.squashfs'), run);
    await layer(join(tree, 'casper/minimal.standard.live.squashfs'), run);
    return;
  }
  await write('casper/install-sources.yaml', INSTALL_SOURCES);
  const kernels = ['generic', ...(hasNewerKernel(edition) ? ['generic-hwe'] : [])];
  if (hasNewerKernel(edition)) {
    await write('casper/hwe-vmlinuz', 'no newer kernel');
    await write('casper/hwe-initrd', 'no newer initrd');
    await write('.disk/casper-uuid-generic-hwe', '66666666-7777-4888-9999-000000000000\n');
  }
  const layers = [
    BASE,
    `${BASE}.ubuntu-server`,
    INSTALLER,
    ...kernels.map((kernel) => `${INSTALLER}.${kernel}`),
  ];
  for (const name of layers) {
    await layer(join(tree, `casper/${name}.squashfs`), run);
    await write(`casper/${name}.squashfs.gpg`, 'no signature');
    await write(`casper/${name}.manifest`, 'nothing 1\n');
    await write(`casper/${name}.size`, '1000\n');
  }
}

/** A real squashfs with one file in it that tells its name. */
async function layer(path: string, run: Runner): Promise<void> {
  const content = `${path}.d`;
  await mkdir(dirname(path), { recursive: true });
  await mkdir(content);
  await writeFile(join(content, 'layer'), path);
  await run('mksquashfs', [content, path, '-quiet', '-no-progress', '-all-root']);
  await run('rm', ['-r', content]);
}
