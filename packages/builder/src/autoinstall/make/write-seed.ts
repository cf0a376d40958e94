import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_MODE } from '../../plan/private-file.ts';
import { SEED_DIRECTORY, SeedFile, type SeedTexts } from './seed-files.ts';

/**
 * Writes a seed below the artifacts directory, for the owner's eyes only; each file appears whole,
 * and none before all are on the disk.
 *
 * @returns the paths, in the order of {@link SeedFile}.
 */
export async function writeSeed(artifacts: string, texts: SeedTexts): Promise<readonly string[]> {
  const directory = join(artifacts, SEED_DIRECTORY);
  await mkdir(directory, { recursive: true });
  const names = Object.values(SeedFile);
  for (const name of names) {
    const temporary = join(directory, `${name}.new`);
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', PRIVATE_MODE);
    try {
      await file.writeFile(texts[name]);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  return await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      await rename(`${path}.new`, path);
      return path;
    }),
  );
}
