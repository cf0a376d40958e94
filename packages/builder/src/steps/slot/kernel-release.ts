import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SlotPath } from '@micro-linux/core';

/**
 * The kernel's release, e.g. `6.1.0-44-cloud-amd64`: from the target of its link in /boot.
 *
 * @param facts directory with the slot's /boot.
 */
export async function kernelRelease(facts: string): Promise<string> {
  return basename(await readlink(join(facts, SlotPath.kernel))).replace(/^vmlinuz-/, '');
}
