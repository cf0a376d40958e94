import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type StagedFile, stageFile, writeNew } from '@micro-linux/core/files';
import { SEED_DIRECTORY } from '../../output/directories.ts';
import { PRIVATE_MODE } from '../../plan/private-file.ts';
import { SeedFile, type SeedTexts } from './seed-files.ts';

/**
 * Writes a seed below the artifacts directory, readable by the owner only; each file appears whole,
 * and none before all are on the disk.
 *
 * @returns the paths, in the order of {@link SeedFile}.
 */
export async function writeSeed(artifacts: string, texts: SeedTexts): Promise<readonly string[]> {
  const directory = join(artifacts, SEED_DIRECTORY);
  await mkdir(directory, { recursive: true });
  const names = Object.values(SeedFile);
  const staged: StagedFile<void>[] = [];
  try {
    for (const name of names) {
      const path = join(directory, name);
      const write = (partial: string) => writeNew(partial, texts[name], PRIVATE_MODE);
      staged.push(await stageFile(path, write, { partial: `${path}.new` }));
    }
    for (const file of staged) {
      await file.commit();
    }
  } finally {
    for (const file of staged) {
      await file.discard();
    }
  }
  return names.map((name) => join(directory, name));
}
