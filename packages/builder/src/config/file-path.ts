import { Problem, show } from '@micro-linux/provision';

/**
 * A check that refuses a path that would not mean what its writer thinks.
 *
 * @param what the file the path is for: `a keyring file`.
 */
export function checkFilePath(what: string): (path: string) => Problem | undefined {
  const checkPath = (path: string) => {
    if (path === '' || path.includes('\0')) {
      return new Problem('is not a path', `write the path of ${what}, or leave the key out`);
    }
    return path.startsWith('~')
      ? new Problem(
          `${show(path)} begins with ~, which only a shell replaces`,
          'write an absolute path, or one relative to the folder of the config file',
        )
      : undefined;
  };
  return checkPath;
}
