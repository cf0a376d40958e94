import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { READABLE_BY_GRUB } from '@micro-linux/provision';
import type { StepContext } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import { removeTree } from '../../system/userns/remove-tree.ts';
import { asNamespaceRoot, runAsNamespaceRoot } from '../../system/userns/user-namespace.ts';

/** What {@link makeExt4} makes. */
export interface Ext4Options {
  /** The image file to create. */
  readonly output: string;
  readonly uuid: string;
  /** File system label: informational, never used to choose a slot. */
  readonly label: string;
  /** Size in bytes; undefined: as small as possible. */
  readonly sizeBytes: number | undefined;
  /** mke2fs -O list. */
  readonly features: string;
  /** mke2fs -m: percent reserved for root; 0 by default, because slots are read-only. */
  readonly rootPercent?: number;
  /** mke2fs -e: what the kernel does on errors. */
  readonly onError?: 'remount-ro';
  /** Maximum size in bytes for growing the file system while mounted. */
  readonly growToBytes?: number;
  /** Unpacked in this order; later files replace earlier ones. */
  readonly tars: readonly string[];
  /** Absolute shell patterns of files to leave out. */
  readonly prune: readonly string[];
  /** Receives `<bytes>\t<path>` lines. */
  readonly listing: string;
  /** Time stamps of the file system itself, seconds since 1970. */
  readonly sourceDateEpoch: number;
  /** The checkout, which contains the scripts. */
  readonly root: string;
}

/** Does something with the unpacked tree before the file system is made of it. */
export type InTree = (tree: string) => Promise<void>;

const UNPACK_SCRIPT = 'packages/builder/scripts/unpack-tree.sh';
export const EXT4_SCRIPT = 'packages/builder/scripts/make-ext4.sh';

/** The scripts that make it, relative to the root of the checkout. */
export const EXT4_SCRIPTS: readonly string[] = [UNPACK_SCRIPT, EXT4_SCRIPT];

/** The block size of make-ext4.sh: a page, the largest that every kernel can mount. */
export const BLOCK_BYTES = 4096;

/** A slot is read-only: no journal, no space to grow. */
export const SLOT_FEATURES = `${READABLE_BY_GRUB},^has_journal,^resize_inode`;

/**
 * Makes an ext4 image from tars without root. Keeps owners and extended attributes.
 *
 * @param inTree called with the directory of the unpacked files. The owners in it are those of a
 *   user namespace: change files with `runAsNamespaceRoot`.
 */
export async function makeExt4(
  options: Ext4Options,
  context: StepContext,
  inTree?: InTree,
): Promise<void> {
  await writeFile(pruneFile(options), pruneText(options));
  const run = async (script: string, args: readonly string[]) =>
    runAsNamespaceRoot(context.run, join(options.root, script), args, {
      signal: context.signal,
      logFile: context.logFile,
      env: environment(options),
    });
  try {
    await run(UNPACK_SCRIPT, unpackArguments(options));
    await inTree?.(treeOf(options));
    await run(EXT4_SCRIPT, scriptArguments(options));
  } catch (error) {
    await removeTree(treeOf(options), context.run);
    throw error;
  }
}

/**
 * The commands of {@link makeExt4}, to paste.
 *
 * @param inTree the commands that run in between.
 */
export function makeExt4Command(
  options: Ext4Options,
  inTree: (tree: string) => readonly string[] = () => [],
): readonly string[] {
  const command = (script: string, args: readonly string[]) =>
    commandLine(...asNamespaceRoot(process.getuid?.() ?? 0, join(options.root, script), args));
  const variables = Object.entries(environment(options)).map(([name, value]) => `${name}=${value}`);
  return [
    writeCommand(pruneFile(options), pruneText(options)),
    command(UNPACK_SCRIPT, unpackArguments(options)),
    ...inTree(treeOf(options)),
    `${variables.join(' ')} ${command(EXT4_SCRIPT, scriptArguments(options))}`,
  ];
}

function unpackArguments(options: Ext4Options): readonly string[] {
  return [treeOf(options), ...options.tars];
}

function scriptArguments(options: Ext4Options): readonly string[] {
  return [
    treeOf(options),
    options.output,
    options.uuid,
    options.label,
    String(options.sizeBytes ?? 0),
    options.features,
    String(options.rootPercent ?? 0),
    options.onError ?? 'continue',
    options.growToBytes === undefined ? '' : `resize=${options.growToBytes / BLOCK_BYTES}`,
    options.listing,
    pruneFile(options),
  ];
}

function environment({ sourceDateEpoch }: Ext4Options) {
  return {
    // 0 means the real time to it.
    E2FSPROGS_FAKE_TIME: String(Math.max(1, sourceDateEpoch)),
    SOURCE_DATE_EPOCH: String(sourceDateEpoch),
  };
}

/** Beside the image. */
function treeOf({ output }: Ext4Options): string {
  return `${output}.tree`;
}

/** Beside the image. */
function pruneFile({ output }: Ext4Options): string {
  return join(dirname(output), 'prune.txt');
}

function pruneText({ prune }: Ext4Options): string {
  return prune.map((pattern) => `${pattern}\n`).join('');
}
