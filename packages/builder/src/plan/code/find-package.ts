import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import * as z from 'zod';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string().default(''),
  exports: z.unknown().optional(),
});

/** A package that a module imports. */
export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** Its directory, with links resolved. */
  readonly directory: string;
  /** It belongs to the checkout: its files count, not its version. */
  readonly isOwn: boolean;
  readonly exports?: unknown;
}

/**
 * Finds the package of an import as Node does: in node_modules of the parent folders.
 *
 * @param specifier such as `@micro-linux/core` or `zod/mini`.
 * @throws Error if there is none.
 */
export function findPackage(from: string, specifier: string, root: string): FoundPackage {
  const name = packageName(specifier);
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const manifest = read(join(folder, 'node_modules', name, 'package.json'));
    if (manifest !== undefined) {
      const directory = realpathSync(join(folder, 'node_modules', name));
      const isOwn =
        directory.startsWith(`${realpathSync(root)}${sep}`) &&
        !directory.includes(`${sep}node_modules${sep}`);
      return { ...manifestSchema.parse(JSON.parse(manifest)), directory, isOwn };
    }
    if (folder === dirname(folder)) {
      throw new Error(`${from} imports ${specifier}, which is not installed`);
    }
  }
}

/** The file behind an import of one of our packages; undefined for external packages. */
export function packageModule(found: FoundPackage, specifier: string): string | undefined {
  if (!found.isOwn) {
    return undefined;
  }
  const path = `.${specifier.slice(found.name.length)}`;
  const file = z.record(z.string(), z.unknown()).parse(found.exports)[path];
  if (typeof file !== 'string') {
    throw new Error(`${found.name} exports no ${path}`);
  }
  return join(found.directory, file);
}

/** The package's part of an import: `zod` of `zod/mini`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
