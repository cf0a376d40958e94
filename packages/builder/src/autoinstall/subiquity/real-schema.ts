/**
 * For tests: the schema of Subiquity itself, a file under AGPL-3 that is not part of this project.
 * It is looked for in `data/` of the folder that MICRO_LINUX_SHARED names, else of `shared` beside
 * the checkout.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../../..');

/** The schema as parsed JSON; undefined, after a loud word, where it is not. */
export function readRealSchema(shared: string | undefined): Record<string, unknown> | undefined {
  const file = join(shared ?? join(ROOT, '../shared'), 'data/autoinstall-schema.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    console.warn(
      `SKIPPED: our model is not compared with Subiquity's schema: no ${file} (set MICRO_LINUX_SHARED)`,
    );
    return undefined;
  }
}
