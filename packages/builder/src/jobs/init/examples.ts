import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Complete projects, one per folder, in the checkout and in the npm package. */
const EXAMPLES = join(import.meta.dirname, '../../../../../examples');

/** Names of the examples, sorted; empty if this installation has none. */
export function exampleNames(): readonly string[] {
  try {
    return readdirSync(EXAMPLES, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

/** The folder of an example. */
export function exampleFolder(name: string): string {
  return join(EXAMPLES, name);
}
