import { posix } from 'node:path';
import { drive } from '../../../steps/medium/xorriso.ts';
import type { SourceFacts } from '../source/read-source.ts';

/** A file of the host and where it goes on the medium. */
export interface Mapped {
  readonly file: string;
  readonly path: string;
  readonly executable: boolean;
}

/** What xorriso is told to make a remaster. */
export interface WriteOptions {
  readonly source: SourceFacts;
  readonly output: string;
  readonly mapped: readonly Mapped[];
  readonly removed: readonly string[];
  /** Time of the new files, seconds since 1970. */
  readonly sourceDateEpoch: number;
}

/**
 * Commands that copy a medium with changes, boot set-up and all. The file system is read and written
 * by xorriso itself: nothing is mounted or unpacked, and it takes no root.
 */
export function remasterCommands(options: WriteOptions): readonly string[] {
  const { source, output, mapped, removed } = options;
  const paths = mapped.map(({ path }) => path);
  const directories = newDirectories(paths, source);
  return [
    ...['-indev', drive(source.path), '-outdev', drive(output)],
    // One session from the first block on, padding inside of it: as mkisofs would write, so that
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

/** Directories that are not in the source. */
function newDirectories(paths: readonly string[], { files }: SourceFacts): readonly string[] {
  const all = paths.flatMap((path) => {
    const parts = posix.dirname(path).split('/').slice(1);
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(all)].filter((path) => path !== '/' && !files.has(path));
}
