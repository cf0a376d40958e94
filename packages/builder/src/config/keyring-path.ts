import { Problem, show } from './problem.ts';

/** Refuses a path that would not mean what its writer thinks. */
export function checkKeyringPath(path: string): Problem | undefined {
  if (path === '' || path.includes('\0')) {
    return new Problem('is no path', 'write the path of a key ring file, or leave the key out');
  }
  return path.startsWith('~')
    ? new Problem(
        `${show(path)} begins with ~, which only a shell replaces`,
        "write the whole path, or one that begins at the config file's folder",
      )
    : undefined;
}
