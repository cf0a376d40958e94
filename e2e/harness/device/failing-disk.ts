import { writeFile } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { exists } from 'micro-linux/system/files/exists';

/** A sector that cannot be read, or cannot be written, any more. */
export interface DiskFault {
  /** Of 512 bytes, counted from the start of the disk. */
  readonly sector: number;
  readonly on: 'read' | 'write';
}

/** Of errno(3). */
const EIO = 5;

/**
 * A disk whose faults the guest sees as input/output errors: QEMU's blkdebug over a raw file, since in a
 * qcow2 the guest's sectors lie anywhere.
 *
 * @param qcow2 the disk until now; made into a raw file beside it the first time.
 * @returns what QEMU opens.
 */
export async function failingDisk(
  qcow2: string,
  faults: readonly DiskFault[],
): Promise<{ readonly path: string; readonly format: 'raw' }> {
  const raw = `${qcow2}.raw`;
  if (!(await exists(raw))) {
    await run('qemu-img', ['convert', '-O', 'raw', qcow2, raw]);
  }
  const config = `${qcow2}.faults`;
  await writeFile(
    config,
    faults
      .map(
        ({ sector, on }) =>
          // "none" is the only event of raw files; once = "off": every time.
          `[inject-error]\nevent = "none"\niotype = "${on}"\nerrno = "${EIO}"\nsector = "${sector}"\nonce = "off"\n`,
      )
      .join('\n'),
  );
  return { path: `blkdebug:${config}:${raw}`, format: 'raw' };
}
