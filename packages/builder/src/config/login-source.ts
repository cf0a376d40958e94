import { Problem, show } from '@micro-linux/provision';
import { checkFilePath } from './file-path.ts';

const PREFIX = 'env:';

/** The variable that `env:NAME` names; undefined for the path of a file. */
export function loginVariable(source: string): string | undefined {
  return source.startsWith(PREFIX) ? source.slice(PREFIX.length) : undefined;
}

/** Refuses what is neither a path nor `env:NAME`. */
export function checkLoginSource(source: string): Problem | undefined {
  const variable = loginVariable(source);
  return variable === undefined
    ? checkFilePath("a file with the archives' logins")(source)
    : /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)
      ? undefined
      : new Problem(
          `${show(source)} names no environment variable`,
          'write env: and the name of a variable, such as env:ARCHIVE_LOGINS',
        );
}
