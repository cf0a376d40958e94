import type { MicroLinuxError } from '@micro-linux/core';
import { failed } from '../update-error.ts';

/** The error for a source that ends too early, after `bytes` bytes. */
export function truncated(name: string, bytes: number): MicroLinuxError {
  return failed({
    code: 'update-truncated',
    message: `${name} is cut off`,
    why: `it ends after ${bytes} bytes, in the middle of what should be there`,
    hint: 'fetch it again',
    details: { bytes },
  });
}
