import { open } from 'node:fs/promises';
import { commandLine, MicroLinuxError } from '@micro-linux/core';

/** The first bytes of a compressed file, and the command that decompresses it in place. */
const PACKERS = [
  { name: 'zstd', magic: '28b52ffd', unpack: ['zstd', '-d'] },
  { name: 'xz', magic: 'fd377a585a00', unpack: ['xz', '-dk'] },
  { name: 'gzip', magic: '1f8b', unpack: ['gzip', '-dk'] },
] as const;

const LONGEST_MAGIC = 6;

/**
 * Refuses a compressed image. QEMU would treat it as a raw disk that no firmware can boot.
 *
 * @throws MicroLinuxError `image-unreadable`.
 */
export async function refusePacked(path: string): Promise<void> {
  await using file = await open(path);
  const head = Buffer.alloc(LONGEST_MAGIC);
  await file.read(head, 0, LONGEST_MAGIC, 0);
  const packer = PACKERS.find(({ magic }) => head.toString('hex').startsWith(magic));
  if (packer) {
    const [program, ...args] = packer.unpack;
    throw new MicroLinuxError({
      code: 'image-unreadable',
      message: `${path} is compressed with ${packer.name}`,
      why: 'only the disk inside can be opened',
      hint: `unpack it: ${commandLine(program, [...args, path])}`,
      details: { path },
    });
  }
}
