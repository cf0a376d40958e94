import { Problem, show } from '@micro-linux/provision';
import { manifestSchema } from '@micro-linux/update-image';

/** Refuses what no update can have: only `1.2.3` and `1.2.3-rc.1` can be ordered. */
export function checkImageVersion(version: string): Problem | undefined {
  return manifestSchema.shape.version.safeParse(version).success
    ? undefined
    : new Problem(
        `${show(version)} is not a version`,
        'write three numbers, such as 1.2.3 or 1.2.3-rc.1',
      );
}
