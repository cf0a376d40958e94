import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new directory that every user may enter; remove it with {@link removeScratch}. */
export async function makeScratch(name: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `micro-linux-${name}-`));
  await chmod(directory, 0o755);
  return directory;
}

/** Removes what {@link makeScratch} made. */
export async function removeScratch(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
