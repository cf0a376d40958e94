import { type Runner, SlotPath } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import * as z from 'zod';
import { digestOf } from '../plan/digest.ts';

const infoSchema = z.object({ buildId: z.string().min(1), kernel: z.string().min(1) });

/**
 * What an ext4 image tells of its build. An image that tells nothing is known by its bytes.
 *
 * @param sha256 of the image.
 */
export async function readImageInfo(
  image: string,
  sha256: string,
  { run, signal }: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<Pick<Manifest, 'buildId' | 'kernel'>> {
  // debugfs ends with 0 whatever happens; what it cannot read, it does not print.
  const { stdout } = await run('debugfs', ['-R', `cat ${SlotPath.imageInfo}`, image], { signal });
  const info = infoSchema.safeParse(jsonOrUndefined(stdout));
  return info.success
    ? info.data
    : { buildId: digestOf(['slot image', sha256]), kernel: 'unknown' };
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
