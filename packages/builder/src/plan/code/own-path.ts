import { join, relative } from 'node:path';

/** The folder that the builder's root is named from: see bin.ts. */
const ROOT = join(import.meta.dirname, '../../../../..');

/**
 * The path of a file of the builder from the root of the checkout, as the code of a step names it.
 *
 * @param filename such as `import.meta.filename`.
 */
export function ownPath(filename: string): string {
  return relative(ROOT, filename);
}
