import type { MicroLinuxError } from '@micro-linux/core';
import { failed } from '../update-error.ts';

/** The error for a file of another kind, or one with damaged first bytes. */
export function notAnUpdate(why: string): MicroLinuxError {
  return failed({
    code: 'not-an-update',
    message: 'this is not an update image, or its beginning is damaged',
    why,
  });
}
