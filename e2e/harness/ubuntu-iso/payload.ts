import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediumFile } from 'micro-linux/steps/medium/medium-file';

/** Files as a build leaves them for a medium, by name only: for what does not look into them. */
export async function standInPayload(directory: string): Promise<readonly MediumFile[]> {
  await mkdir(directory, { recursive: true });
  const names = ['install.json', 'update.img', 'esp.img.zst', 'boot-code.img', 'core.img'];
  return Promise.all(
    [...names, 'keys/0123.pem'].map(async (name) => {
      const file = join(directory, name.replace('/', '-'));
      await writeFile(file, `stands for ${name}\n`.repeat(500));
      return { path: `/micro-linux/${name}`, file };
    }),
  );
}
