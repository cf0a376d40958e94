import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeHead, fileSource, readHead } from '@micro-linux/update-image';
import type { UpdateFiles } from '../../steps/update/update-step.ts';

/** Uses an existing update as the result of its step, with the signatures it has got since. */
export async function takeUpdate(update: string, files: UpdateFiles): Promise<void> {
  const source = await fileSource(update);
  try {
    const head = await readHead(source);
    await mkdir(dirname(files.update), { recursive: true });
    await symlink(update, files.update);
    await writeFile(files.manifest, head.manifestBytes);
    await writeFile(files.head, encodeHead(head));
  } finally {
    await source.close();
  }
}
