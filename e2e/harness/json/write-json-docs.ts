/**
 * Regenerates docs/reference/json.md; run it after a change of the schemas:
 *
 *     node e2e/harness/json/write-json-docs.ts
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { jsonDocs } from './render-json-docs.ts';

await writeFile(resolve(import.meta.dirname, '../../../docs/reference/json.md'), jsonDocs());
