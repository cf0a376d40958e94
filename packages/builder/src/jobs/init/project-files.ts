import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { DEFAULT_CONFIG_FILE } from '../../config/config-file.ts';

/** A file of a new project. */
export interface ProjectFile {
  /** Relative to the folder of the project. */
  readonly path: string;
  /** What is in it, or where the symbolic link leads. */
  readonly content: Buffer | { readonly link: string };
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

/** The files of a small new project, sorted by path. */
export async function projectFiles(names: ProjectNames): Promise<readonly ProjectFile[]> {
  const files = await filesIn(TEMPLATE);
  return files.map((file) => ({
    ...file,
    path: file.path.replaceAll(/(?<=^|\/)dot-/g, '.'),
    content: withText(file.content, (text) => {
      // In YAML, 2024 needs quotes to be a name.
      const write = file.path === DEFAULT_CONFIG_FILE ? yamlText : String;
      return text
        .replaceAll('__NAME__', write(names.name))
        .replaceAll('__USER__', write(names.user));
    }),
  }));
}

/** A text as a value in YAML, with quotes where it would be something else without. */
export function yamlText(text: string): string {
  return stringify(text).trim();
}

/** Changes the text of a file; a link stays as it is. */
export function withText(
  content: ProjectFile['content'],
  change: (text: string) => string,
): ProjectFile['content'] {
  return Buffer.isBuffer(content) ? Buffer.from(change(content.toString('utf8'))) : content;
}

/**
 * The files and links in a folder, sorted by path.
 *
 * @param isWanted by the name of a file or folder.
 */
export async function filesIn(
  folder: string,
  isWanted: (name: string) => boolean = () => true,
): Promise<readonly ProjectFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path.split('/').every(isWanted))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const file = join(folder, path);
      const stats = await lstat(file);
      return { path, content: await contentOf(file, stats), isExecutable: isExecutable(stats) };
    }),
  );
}

async function contentOf(file: string, stats: Stats): Promise<ProjectFile['content']> {
  return stats.isSymbolicLink() ? { link: await readlink(file) } : readFile(file);
}

function isExecutable(stats: Stats): boolean {
  return stats.isFile() && (stats.mode & 0o100) !== 0;
}
