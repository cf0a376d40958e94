import { join, relative } from 'node:path';

/** The folder that paths of the builder's root start from: see bin.ts. */
const ROOT = join(import.meta.dirname, '../../../../..');

/**
 * The path of a file of the builder from the root of the checkout, as used in the code of a step.
 *
 * @param filename such as `import.meta.filename`.
 */
export function ownPath(filename: string): string {
  return relative(ROOT, filename);
}
