import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives all that is below a directory one time, in seconds since 1970. */
export async function setTimes(directory: string, seconds: number): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await utimes(join(entry.parentPath, entry.name), seconds, seconds);
  }
}
