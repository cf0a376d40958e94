import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';

/** Sets the time of everything below a directory, in seconds since 1970. */
export async function setTimes(directory: string, seconds: number): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    await utimes(join(entry.parentPath, entry.name), seconds, seconds);
  }
}

/** The command that does what {@link setTimes} does. */
export function setTimesCommand(directory: string, seconds: number): string {
  return commandLine('find', [
    ...[directory, '-mindepth', '1', '-exec', 'touch', `--date=@${seconds}`, '{}', '+'],
  ]);
}
