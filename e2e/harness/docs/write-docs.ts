/**
 * Regenerates the pages that are made from the code; run it after a change of a verb, a flag or a
 * key of the device's config:
 *
 *     node e2e/harness/docs/write-docs.ts
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedPages } from './generated-pages.ts';
import { REPOSITORY } from './repository-files.ts';

for (const [page, text] of Object.entries(generatedPages())) {
  await writeFile(join(REPOSITORY, page), text);
}
