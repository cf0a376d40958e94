import { access } from 'node:fs/promises';

/**
 * Whether a path exists. False for a dangling link, and for a path that this user may not access.
 */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
