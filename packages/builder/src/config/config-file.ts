import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
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
      throw await unreadable(path, asked ?? DEFAULT_CONFIG_FILE, { code, cause: error });
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
  return { path, text: decodeConfig(bytes, asked ?? DEFAULT_CONFIG_FILE) };
}

/**
 * The text of a config file.
 *
 * @param name the file's name for messages.
 * @throws MicroLinuxError `config-syntax` if it is not UTF-8.
 */
export function decodeConfig(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw configSyntax(name, [
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

async function unreadable(
  path: string,
  file: string,
  { code, cause }: { readonly code: string; readonly cause: unknown },
): Promise<MicroLinuxError> {
  const reasons: Readonly<Record<string, string>> = {
    EISDIR: 'it is a folder',
    ENOENT: 'it is a symbolic link to a file that does not exist',
  };
  return new MicroLinuxError({
    code: 'config-unreadable',
    message: `the config file ${file} cannot be read`,
    why: reasons[code] ?? reasonOf(cause),
    hint:
      code === 'EISDIR' && (await isThere(join(path, DEFAULT_CONFIG_FILE)))
        ? `--config ${join(file, DEFAULT_CONFIG_FILE)}`
        : 'name a readable file after --config',
    exitCode: ExitCode.usage,
    cause,
  });
}

/** The files that a config came from. */
export interface UsedFiles {
  /** Absolute path of the config file; undefined: there is none. */
  readonly path: string | undefined;
  /** What `--config` names. */
  readonly asked: string | undefined;
  /** Absolute paths of those that it extends. */
  readonly bases: readonly string[];
  readonly variant: string | undefined;
}

/** What the user should know about the choice of files: which are used, and which have no effect. */
export async function configNotices(
  cwd: string,
  { path, asked, bases, variant }: UsedFiles,
): Promise<readonly string[]> {
  if (path === undefined) {
    const above = await configAbove(cwd);
    const hint =
      above === undefined
        ? ''
        : `; parent folders are not searched: --config ${above} uses that one`;
    return [`config: no ${DEFAULT_CONFIG_FILE} here: defaults${hint}`];
  }
  const ignored = asked === undefined ? await misnamedIn(cwd) : undefined;
  return [
    [
      `config: ${shownPath(cwd, path)}`,
      ...(variant === undefined ? [] : [`variant ${variant}`]),
      ...(bases.length === 0
        ? []
        : [`extends ${bases.map((base) => shownPath(cwd, base)).join(', ')}`]),
    ].join(', '),
    ...(ignored === undefined ? [] : [`${ignored} is not read: ${DEFAULT_CONFIG_FILE} is`]),
  ];
}

/** A path as the user would type it: relative if it is in the current folder, or below. */
function shownPath(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}

/** The config file in the nearest parent folder that has one, relative to `cwd`. */
async function configAbove(cwd: string): Promise<string | undefined> {
  for (let folder = dirname(cwd), last = cwd; folder !== last; ) {
    const path = join(folder, DEFAULT_CONFIG_FILE);
    if (await isThere(path)) {
      return relative(cwd, path);
    }
    last = folder;
    folder = dirname(folder);
  }
  return undefined;
}

/** A file in the folder with a wrong name of {@link MISNAMED}. */
async function misnamedIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.find((name) => MISNAMED.test(name) && name !== DEFAULT_CONFIG_FILE);
}

/** Silently using defaults instead of `micro-linux.yml` would be a bad surprise. */
async function refuseMisnamed(cwd: string): Promise<void> {
  const found = await misnamedIn(cwd);
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
