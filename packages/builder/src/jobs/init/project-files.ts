import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A file of a new project. */
export interface ProjectFile {
  /** Relative to the folder of the project. */
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

/** What a new project is about. */
export interface ProjectNames {
  /** Product id and host name. */
  readonly name: string;
  readonly user: string;
}

/** Files of every project. npm would leave out names such as `.gitignore`, so they begin with `dot-`. */
const TEMPLATE = join(import.meta.dirname, '../../../project-template');

/** The files of a new project, sorted by path. */
export async function projectFiles({ name, user }: ProjectNames): Promise<readonly ProjectFile[]> {
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => ({
      path: relative(TEMPLATE, file).replaceAll(/(?<=^|\/)dot-/g, '.'),
      text: (await readFile(file, 'utf8'))
        .replaceAll('__NAME__', name)
        .replaceAll('__USER__', user),
      isExecutable: ((await stat(file)).mode & 0o100) !== 0,
    })),
  );
}
