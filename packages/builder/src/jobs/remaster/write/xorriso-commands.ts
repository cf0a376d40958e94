import { posix } from 'node:path';
import { drive } from '../../../steps/medium/xorriso.ts';
import type { SourceFacts } from '../source/read-source.ts';

/** A file of the host and its path on the medium. */
export interface Mapped {
  readonly file: string;
  readonly path: string;
  readonly executable: boolean;
}

/** The changes that xorriso makes for a remaster. */
export interface WriteOptions {
  readonly source: SourceFacts;
  readonly output: string;
  readonly mapped: readonly Mapped[];
  readonly removed: readonly string[];
  /** Time of the new files, seconds since 1970. */
  readonly sourceDateEpoch: number;
}

/**
 * Commands that copy a medium with changes, including the boot set-up. xorriso reads and writes the
 * file system itself, so nothing is mounted or unpacked, and it needs no root.
 */
export function remasterCommands(options: WriteOptions): readonly string[] {
  const { source, output, mapped, removed } = options;
  const paths = mapped.map(({ path }) => path);
  const directories = newDirectories(paths, source);
  return [
    ...['-indev', drive(source.path), '-outdev', drive(output)],
    // One session from the first block on that includes the padding, as mkisofs writes it, so that
    // the backup of the partition table is in the last sector.
    ...['-compliance', 'no_emul_toc:joliet_long_names:joliet_long_paths', '-padding', 'included'],
    ...['-joliet', source.volume.joliet ? 'on' : 'off'],
    ...['-boot_image', 'any', 'replay', '-overwrite', 'on'],
    ...removed.flatMap((path) => ['-rm_r', path, '--']),
    ...mapped.flatMap(({ file, path }) => ['-map', file, path]),
    ...['-chown', '0', ...directories, ...paths, '--'],
    ...['-chgrp', '0', ...directories, ...paths, '--'],
    ...modes(mapped, directories),
    ...['-alter_date', 'b', `=${options.sourceDateEpoch}`, ...directories, ...paths, '--'],
    '-commit',
  ];
}

function modes(mapped: readonly Mapped[], directories: readonly string[]): readonly string[] {
  const pathsOf = (executable: boolean) =>
    mapped.filter((one) => one.executable === executable).map(({ path }) => path);
  return [
    { mode: '0555', paths: [...directories, ...pathsOf(true)] },
    { mode: '0444', paths: pathsOf(false) },
  ].flatMap(({ mode, paths }) => (paths.length === 0 ? [] : ['-chmod', mode, ...paths, '--']));
}

/** Directories missing in the source. */
function newDirectories(paths: readonly string[], { files }: SourceFacts): readonly string[] {
  const all = paths.flatMap((path) => {
    const parts = posix.dirname(path).split('/').slice(1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(all)].filter((path) => path !== '/' && !files.has(path));
}
