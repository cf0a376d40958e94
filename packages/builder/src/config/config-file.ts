import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExitCode, errnoOf, MicroLinuxError, reasonOf } from '@micro-linux/core';
import { readSmallFile } from '../system/files/require-file.ts';
import { syntaxProblem } from './syntax-fault.ts';
import { configSyntax } from './yaml-source.ts';

/** The file that is read when no other is named. */
export const DEFAULT_CONFIG_FILE = 'micro-linux.yaml';

/** Wrong names that people give the file, and then wonder why it has no effect. */
const MISNAMED = /^\.?micro[-_ ]?linux\.(?:ya?ml|json)(?:\.txt)?$/i;

/**
 * The text of the config file: `asked`, or the default one.
 *
 * @returns undefined if none was named and there is none.
 * @throws MicroLinuxError, exit code 2: `config-missing`, `config-misnamed`, `config-unreadable`,
 *   `config-syntax`.
 */
export async function readConfigFile(
  cwd: string,
  asked: string | undefined,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  const path = resolve(cwd, asked ?? DEFAULT_CONFIG_FILE);
  let bytes: Buffer;
  try {
    bytes = await readSmallFile(path);
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code !== 'ENOENT' || (asked === undefined && (await isThere(path)))) {
      throw unreadable(asked ?? DEFAULT_CONFIG_FILE, code, error);
    }
    if (asked === undefined) {
      await refuseMisnamed(cwd);
      return undefined;
    }
    throw new MicroLinuxError({
      code: 'config-missing',
      message: `the config file ${asked} does not exist`,
      why: `looked for ${path}`,
      hint: 'correct the path after --config, or leave --config out to build with the defaults',
      exitCode: ExitCode.usage,
      details: { file: asked },
      cause: error,
    });
  }
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    throw configSyntax(asked ?? DEFAULT_CONFIG_FILE, [
      { line: 1, col: 1, fault: 'encoding', problem: syntaxProblem('encoding') },
    ]);
  }
}

/** A dangling link exists, although it cannot be read. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function unreadable(file: string, code: string, cause: unknown): MicroLinuxError {
  const reasons: Readonly<Record<string, string>> = {
    EISDIR: 'it is a folder',
    ENOENT: 'it is a symbolic link to a file that does not exist',
  };
  return new MicroLinuxError({
    code: 'config-unreadable',
    message: `the config file ${file} cannot be read`,
    why: reasons[code] ?? reasonOf(cause),
    hint: 'name a readable file after --config',
    exitCode: ExitCode.usage,
    cause,
  });
}

/** Silently using defaults instead of `micro-linux.yml` would be a bad surprise. */
async function refuseMisnamed(cwd: string): Promise<void> {
  const names = await readdir(cwd).catch((): string[] => []);
  const found = names.find((name) => MISNAMED.test(name) && name !== DEFAULT_CONFIG_FILE);
  if (found !== undefined) {
    throw new MicroLinuxError({
      code: 'config-misnamed',
      message: `there is a ${found}, but no ${DEFAULT_CONFIG_FILE}`,
      why: `only ${DEFAULT_CONFIG_FILE} is read without being named; looked in ${cwd}`,
      hint: `mv ${join(cwd, found)} ${join(cwd, DEFAULT_CONFIG_FILE)}   (or --config ${found})`,
      exitCode: ExitCode.usage,
      details: { file: found },
    });
  }
}
