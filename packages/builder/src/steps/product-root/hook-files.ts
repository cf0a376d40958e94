import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import type { HookConfig, HookStage, HooksConfig } from '../../config/hooks.ts';
import { placed, type WhereIs } from '../../config/where-is.ts';
import { checkExecutable, START_BYTES } from '../../product/executable.ts';
import { collectTree, treeDigest } from '../tar/collect-tree.ts';

/** A hook with all files it reads. */
export interface Hook extends HookConfig {
  /** Name of the script. */
  readonly name: string;
  /** The key that names it and where that is set, for messages. */
  readonly where: string;
  /** The script and its inputs, at the paths they have below {@link HOOK_PLACE}. */
  readonly files: readonly TreeEntry[];
  /** SHA-256 of those files. */
  readonly digest: string;
}

/** Hooks by the stage at which they run. */
export type Hooks = Readonly<Record<HookStage, readonly Hook[]>>;

/** Where the files of a hook are while it runs, inside the root. */
export const HOOK_PLACE = '/run/micro-linux-hook';
export const HOOK_INPUTS = `${HOOK_PLACE}/inputs`;

/**
 * Reads the files of all hooks.
 *
 * @throws MicroLinuxError `hook-invalid`, exit code 2: a missing file, or a script without `#!`.
 */
export async function readHooks(config: HooksConfig, whereIs: WhereIs): Promise<Hooks> {
  const stage = (name: HookStage) =>
    Promise.all(config[name].map((hook, index) => readHook(hook, [name, index], whereIs)));
  return { rootfs: await stage('rootfs'), image: await stage('image') };
}

async function readHook(
  hook: HookConfig,
  [stage, index]: readonly [HookStage, number],
  whereIs: WhereIs,
): Promise<Hook> {
  const where = placed(whereIs(['hooks', stage, index]), `hooks.${stage}`);
  await checkScript(hook.script, where);
  const name = basename(hook.script);
  const files: TreeEntry[] = [
    { kind: 'file', path: `/${name}`, mode: 0o755, content: { from: hook.script } },
    { kind: 'directory', path: '/inputs' },
  ];
  for (const input of hook.inputs) {
    const path = `/inputs/${basename(input)}`;
    if (files.some((file) => file.path === path)) {
      throw invalid(
        `${where}: two inputs of ${name} are named ${basename(input)}`,
        'rename one: the script finds them by their names',
      );
    }
    files.push(...(await inputFiles(input, path, where)));
  }
  return { ...hook, name, where, files, digest: await treeDigest(files) };
}

async function inputFiles(input: string, path: string, where: string): Promise<TreeEntry[]> {
  try {
    const info = await stat(input);
    if (info.isDirectory()) {
      return [{ kind: 'directory', path }, ...(await collectTree(input, path))];
    }
    const mode = (info.mode & 0o100) === 0 ? 0o644 : 0o755;
    return [{ kind: 'file', path, mode, content: { from: input } }];
  } catch (cause) {
    throw unreadable(input, where, cause);
  }
}

async function checkScript(script: string, where: string): Promise<void> {
  const problem = checkExecutable(await startOf(script, where));
  if (problem) {
    throw invalid(`${where}: ${script} ${problem.what}`, problem.fix ?? '');
  }
}

async function startOf(script: string, where: string): Promise<Buffer> {
  try {
    // Before it is opened: opening a pipe would wait for a writer.
    if (!(await stat(script)).isFile()) {
      throw invalid(`${where}: ${script} is not a file`, 'name a script');
    }
    const file = await open(script);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(START_BYTES) });
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof MicroLinuxError ? cause : unreadable(script, where, cause);
  }
}

function unreadable(path: string, where: string, cause: unknown): MicroLinuxError {
  const what = errnoOf(cause) === 'ENOENT' ? 'does not exist' : 'cannot be read';
  return invalid(`${where}: ${path} ${what}`, 'correct the path', cause);
}

function invalid(message: string, hint: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'hook-invalid',
    message,
    hint,
    exitCode: ExitCode.usage,
    ...(cause === undefined ? {} : { cause }),
  });
}
