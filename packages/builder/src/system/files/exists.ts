import { access } from 'node:fs/promises';

/** Whether a path leads to something. A link to nothing does not, nor does what this user may not reach. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
