import { MicroLinuxError } from '@micro-linux/core';

/** The error for a command that needs an image if none was built yet. */
export function noImage(artifacts: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-missing',
    message: `there is no image in ${artifacts} yet`,
    hint: './micro-linux build',
    details: { artifacts },
  });
}
