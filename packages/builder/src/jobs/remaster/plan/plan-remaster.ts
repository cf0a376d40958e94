import { posix } from 'node:path';
import { MediumPath } from '@micro-linux/provision';
import type { SeedTexts } from '../../../autoinstall/make/seed-files.ts';
import { writtenByXorriso } from '../source/boot-report.ts';
import { type SourceFacts, TextPath } from '../source/read-source.ts';
import { addInstallEntry } from './boot-menu.ts';
import { addInstallSource } from './install-sources.ts';
import { unneededDirectories } from './slim.ts';

/** A file to write to the medium: its text, or a file of the host. */
export type Placed = {
  /** Absolute, on the medium. */
  readonly path: string;
  readonly executable: boolean;
} & ({ readonly text: string } | { readonly file: string });

export interface RemasterOptions {
  readonly source: SourceFacts;
  /** Files below /micro-linux, with their full paths. */
  readonly payload: readonly Placed[];
  /** The installer's source: its path on the medium and its size unpacked. */
  readonly root: { readonly path: string; readonly bytes: number };
  readonly sourceId: string;
  readonly seed: SeedTexts;
  /** Title of the image, such as `micro-linux noble 1.2.3`. */
  readonly title: string;
  readonly consoles: readonly string[];
  /** Seconds during which a key stops the installation. */
  readonly countdownSeconds: number;
  readonly slim: boolean;
}

/**
 * The changes that turn the source into a remaster. md5sum.txt comes last because it needs the
 * checksums of the files.
 */
export interface RemasterPlan {
  /** Files that are new, or replace those of the source. */
  readonly placed: readonly Placed[];
  /** Files of `placed` that exist in the source. */
  readonly changed: readonly string[];
  /** Directories that are left out. */
  readonly removed: readonly string[];
  /** Files whose checksums are unknown in advance: xorriso writes into them. */
  readonly withoutSum: readonly string[];
}

/**
 * Plans everything that a remaster changes. Pure.
 *
 * @throws MicroLinuxError `source-iso-incomplete`: a menu or the list of sources is not understood.
 */
export function planRemaster(options: RemasterOptions): RemasterPlan {
  const { source, payload, root, seed } = options;
  const { texts, files } = source;
  const menu = (path: typeof TextPath.menu | typeof TextPath.loopbackMenu): Placed[] => {
    const text = texts.get(path);
    return text === undefined
      ? []
      : [
          plain(
            path,
            addInstallEntry(text, path, {
              title: `Install ${options.title}: asks nothing, ERASES THE DISK`,
              consoles: options.consoles,
              countdownSeconds: path === TextPath.menu ? options.countdownSeconds : undefined,
            }),
          ),
        ];
  };
  const placed: readonly Placed[] = [
    ...menu(TextPath.menu),
    ...menu(TextPath.loopbackMenu),
    plain(
      TextPath.sources,
      addInstallSource(texts.get(TextPath.sources) ?? '', {
        id: options.sourceId,
        path: posix.relative(posix.dirname(TextPath.sources), root.path),
        name: options.title,
        description: 'An image with two root file systems that updates itself.',
        bytes: root.bytes,
      }),
    ),
    plain(MediumPath.seed, seed['autoinstall.yaml']),
    plain(MediumPath.userData, seed['user-data']),
    plain(MediumPath.metaData, seed['meta-data']),
    ...payload,
  ];
  return {
    placed,
    changed: placed.map(({ path }) => path).filter((path) => files.has(path)),
    removed: options.slim ? unneededDirectories(files) : [],
    // Signatures may be added to the finished ISO.
    withoutSum: [...writtenByXorriso(source.bootReport), TextPath.sums, MediumPath.signatures],
  };
}

function plain(path: string, text: string): Placed {
  return { path, text, executable: false };
}
