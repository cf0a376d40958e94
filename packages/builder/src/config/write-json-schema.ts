/**
 * Writes docs/micro-linux.schema.json. Run it, and the formatter, after you change the schema:
 *
 *     node packages/builder/src/config/write-json-schema.ts && pnpm run format
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { editorJsonSchema } from './json-schema.ts';

const file = resolve(import.meta.dirname, '../../../../docs/micro-linux.schema.json');
await writeFile(file, `${JSON.stringify(editorJsonSchema(), null, 2)}\n`);
