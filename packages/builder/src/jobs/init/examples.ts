import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Complete projects, one per folder, in the checkout and in the npm package. */
const EXAMPLES = join(import.meta.dirname, '../../../../../examples');

/** What makes a folder a project. A literal, as the loader of configs is slow to load for `--help`. */
const CONFIG = 'micro-linux.yaml';

/** Names of the examples, sorted; empty if this installation has none. */
export function exampleNames(): readonly string[] {
  try {
    return (
      readdirSync(EXAMPLES)
        // What builds left behind may be all that another branch has of an example.
        .filter((name) => existsSync(join(EXAMPLES, name, CONFIG)))
        .sort()
    );
  } catch {
    return [];
  }
}

/** The folder of an example. */
export function exampleFolder(name: string): string {
  return join(EXAMPLES, name);
}
