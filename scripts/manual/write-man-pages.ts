/**
 * Writes the manual pages of both programs into a folder:
 *
 *     node scripts/manual/write-man-pages.ts FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allManPages } from './all-man-pages.ts';

const [folder = 'man'] = process.argv.slice(2);
/** Seconds, as reproducible builds have it. */
const epoch = process.env['SOURCE_DATE_EPOCH'];
const date = epoch === undefined ? new Date() : new Date(Number(epoch) * 1000);

mkdirSync(folder, { recursive: true });
for (const [name, text] of allManPages(date.toISOString().slice(0, 10))) {
  writeFileSync(join(folder, name), text);
}
