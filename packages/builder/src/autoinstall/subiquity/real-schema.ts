/**
 * For tests: the schema of Subiquity itself, a file under AGPL-3 that is not part of this project.
 * It is expected in `data/` of the folder in MICRO_LINUX_SHARED, or of `shared` next to
 * the checkout.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../../..');

/** The schema as parsed JSON; undefined, with a notice, if it is missing. */
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
