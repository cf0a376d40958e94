import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, type Runner } from '@micro-linux/core';
import { TARGET_DIRECTORIES, TARGET_FILES, TARGET_LINKS } from './target-files.ts';

/** If it exists here, curtin runs it instead of its own configuration of the copied system. */
const HOOK = 'curtin/curtin-hooks';

export interface TargetRootOptions {
  /** The hook, of the sources. */
  readonly hook: string;
  /** An empty directory for the tree and the squashfs. */
  readonly scratch: string;
  readonly sourceDateEpoch: number;
}

/** Path of the squashfs of {@link makeTargetRoot}. */
export function targetRoot(scratch: string): string {
  return join(scratch, 'rootfs.squashfs');
}

/** The command that packs the tree, owned by root. */
export function packCommand(tree: string, output: string, sourceDateEpoch: number): string {
  return commandLine('mksquashfs', packArguments(tree, output, sourceDateEpoch));
}

/** Makes the source that Subiquity copies, as a squashfs of a few KiB; returns its unpacked size. */
export async function makeTargetRoot(
  { hook, scratch, sourceDateEpoch }: TargetRootOptions,
  run: Runner,
  signal: AbortSignal,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const tree = join(scratch, 'target-root');
  for (const { path, mode } of TARGET_DIRECTORIES) {
    await mkdir(join(tree, path), { recursive: true });
    await chmod(join(tree, path), mode);
  }
  for (const [link, to] of Object.entries(TARGET_LINKS)) {
    await symlink(to, join(tree, link));
  }
  for (const { path, mode, text } of TARGET_FILES) {
    await writeFile(join(tree, path), text, { mode });
    await chmod(join(tree, path), mode);
  }
  await copyFile(hook, join(tree, HOOK));
  await chmod(join(tree, HOOK), 0o755);
  const file = targetRoot(scratch);
  await run('mksquashfs', packArguments(tree, file, sourceDateEpoch), { signal });
  return { file, bytes: UNPACKED_BYTES };
}

/** Size of the few files and directories, rounded up: the installer needs one. */
const UNPACKED_BYTES = 1024 * 1024;

function packArguments(tree: string, output: string, epoch: number): readonly string[] {
  return [
    ...[tree, output, '-noappend', '-quiet', '-no-progress', '-all-root', '-no-xattrs'],
    ...['-mkfs-time', String(epoch), '-all-time', String(epoch)],
  ];
}
