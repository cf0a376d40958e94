import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { reasonOf } from '@micro-linux/core';
import { type KeyPath, show } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import { nowhere, type WhereIs } from '../../config/where-is.ts';
import { digestOf, fileDigest } from '../../plan/digest.ts';
import {
  type ImageFile,
  type ImageFiles,
  NO_IMAGE_FILES,
  sourceOf,
} from '../../product/image-file.ts';
import { mergeFiles } from './merge-files.ts';
import type { OwnPaths } from './own-paths.ts';
import { isOwned, ownerOf } from './owners.ts';
import { type FileProblem, filesRefused } from './problem-list.ts';
import { readFolder } from './read-folder.ts';
import { initialRefusal, isAtOrBelow, type Refusal, slotRefusal } from './refusal.ts';

/** A file of a folder or of `files`. */
interface Candidate {
  readonly kind: 'file' | 'directory' | 'link';
  readonly path: string;
  readonly from: string;
  readonly where: string | undefined;
  readonly mode: number;
  readonly target: string;
  readonly content: string | { readonly from: string };
  readonly owner: string | undefined;
  /** `files` names it with this mode. */
  readonly isModeNamed: boolean;
}

interface Candidates {
  readonly files: readonly Candidate[];
  readonly problems: readonly FileProblem[];
}

/**
 * Reads `overlay`, `files` and `initial` from the host, and checks all that can be checked without
 * the packages of the image.
 *
 * @throws MicroLinuxError `files-refused`, with all problems at once.
 */
export async function gatherImageFiles(
  config: Config,
  own: OwnPaths,
  whereIs: WhereIs = nowhere,
): Promise<ImageFiles> {
  const overlay = await readFolders(config, 'overlay', whereIs);
  const single = await readSingles(config, whereIs);
  const initial = await readFolders(config, 'initial', whereIs);
  const slot = check([...overlay.files, ...single.files], (path) => slotRefusal(path, own));
  const onData = check(initial.files, (path) => initialRefusal(path, own));
  const all = [...slot.files, ...onData.files];
  const problems = [overlay, single, initial, slot, onData].flatMap((part) => part.problems);
  problems.push(...unusedOwners(config, all, whereIs));
  const contents = await readContents(all);
  problems.push(...contents.problems);
  if (problems.length > 0) {
    throw filesRefused(problems);
  }
  if (all.length === 0) {
    return NO_IMAGE_FILES;
  }
  const withOwners = (files: readonly Candidate[]) =>
    files.map((file) => imageFile(file, file.owner ?? ownerOf(file.path, config.owners)));
  const files = { slot: withOwners(slot.files), initial: withOwners(onData.files) };
  return { ...files, digest: digest(files, contents.sha256) };
}

async function readFolders(
  config: Config,
  key: 'overlay' | 'initial',
  whereIs: WhereIs,
): Promise<Candidates> {
  const files: Candidate[] = [];
  const problems: FileProblem[] = [];
  for (const [index, folder] of config[key].entries()) {
    const where = whereIs([key, index]) ?? whereIs([key]);
    const refused = (await folderProblem(folder)) ?? secretInside(config, folder);
    if (refused) {
      problems.push({ where, ...refused });
      continue;
    }
    const found = await readFolder(folder);
    problems.push(...found.problems.map((problem) => ({ where, ...problem })));
    files.push(
      ...found.files.map(({ source, ...file }) => ({
        ...file,
        from: source,
        where,
        content: { from: source },
        owner: undefined,
        isModeNamed: false,
      })),
    );
  }
  return { files, problems };
}

async function folderProblem(folder: string): Promise<FileProblem | undefined> {
  try {
    return (await stat(folder)).isDirectory()
      ? undefined
      : { what: `${folder} is not a folder`, fix: 'name a folder; `files` is for single files' };
  } catch (error) {
    return { what: reasonOf(error), fix: `mkdir -p ${folder}` };
  }
}

/** A folder such as `.` would put the private key, or the login of the mirror, on every device. */
function secretInside(config: Config, folder: string): FileProblem | undefined {
  const { signingKey, developmentKey } = config.update;
  const secret = [signingKey, developmentKey, config.mirrorAuth].find(
    (path) => path !== undefined && isAtOrBelow(path, folder),
  );
  return secret === undefined
    ? undefined
    : {
        what: `${folder} contains ${relative(folder, secret)}, which must not be on devices`,
        fix: 'make a folder for the files of the image, such as overlay, and name that',
      };
}

async function readSingles(config: Config, whereIs: WhereIs): Promise<Candidates> {
  const files: Candidate[] = [];
  const problems: FileProblem[] = [];
  for (const [index, { path, content, mode, owner }] of config.files.entries()) {
    const at = (key: string): KeyPath => ['files', index, key];
    const where = whereIs(at('path'));
    const common = { kind: 'file', path, from: path, where, target: '', content, owner } as const;
    const isModeNamed = mode !== undefined;
    if (typeof content === 'string') {
      files.push({ ...common, mode: mode ?? 0o644, isModeNamed });
      continue;
    }
    try {
      const info = await stat(content.from);
      if (!info.isFile()) {
        problems.push({
          where: whereIs(at('source')),
          what: `${content.from} is not a plain file`,
          fix: 'name a file; `overlay` is for folders',
        });
      }
      files.push({ ...common, mode: mode ?? info.mode & 0o7777, isModeNamed });
    } catch (error) {
      const fix = `make it, or correct the path of ${path}`;
      problems.push({ where: whereIs(at('source')), what: reasonOf(error), fix });
    }
  }
  return { files, problems };
}

/** Merges files, and checks each of those that are left. */
function check(
  candidates: readonly Candidate[],
  refusal: (path: string) => Refusal | undefined,
): Candidates {
  const { files, problems } = mergeFiles(candidates);
  // A directory is only judged by what is in it.
  const above = new Set(files.flatMap(({ path }) => parentsOf(path)));
  const isNeeded = (file: Candidate) =>
    file.kind !== 'directory' || !(above.has(file.path) || parentsOf(file.path).length === 1);
  const judged = files.map((file) => ({ file, refused: refusal(file.path) }));
  return {
    // Places such as /var exist in every image, and keep their modes.
    files: judged.filter(({ refused }) => refused === undefined).map(({ file }) => file),
    problems: [
      ...problems,
      ...judged.flatMap(({ file, refused }) =>
        refused && isNeeded(file)
          ? [
              {
                where: file.where,
                what: `${named(file)} ${refused.why}`,
                fix: refused.fix,
              },
            ]
          : [],
      ),
      ...files.flatMap((file) => modeProblem(file) ?? []),
    ],
  };
}

function modeProblem(file: Candidate): FileProblem | undefined {
  const { kind, mode, where, from, path, isModeNamed } = file;
  if (isModeNamed || kind === 'link') {
    return undefined;
  }
  if (kind === 'file' && (mode & 0o6000) !== 0) {
    const octal = mode.toString(8);
    return {
      where,
      what: `${from} is ${(mode & 0o4000) === 0 ? 'setgid' : 'setuid'} (mode ${octal})`,
      fix: `chmod ug-s ${from}, or name it: files: [{path: ${path}, source: …, mode: '${octal}'}]`,
    };
  }
  return (mode & 0o002) === 0
    ? undefined
    : {
        where,
        what: `${from} can be changed by every user (mode ${mode.toString(8)})`,
        fix: `chmod o-w ${from}`,
      };
}

/** A file as messages name it. */
function named({ from, path }: Candidate): string {
  return from === path ? show(path) : `${from} (${path})`;
}

/** The directories above a path, the nearest first, with `/`. */
export function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1, -1);
  return [...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`).reverse(), '/'];
}

/** A line of `owners` that is about no file is a typo, and its file would belong to root. */
function unusedOwners(
  { owners }: Config,
  files: readonly Candidate[],
  whereIs: WhereIs,
): readonly FileProblem[] {
  return Object.keys(owners)
    .filter((pattern) => !files.some(({ path }) => isOwned(path, pattern)))
    .map((pattern) => ({
      where: whereIs(['owners', pattern]),
      what: `owners: nothing in overlay, files or initial is ${show(pattern)}`,
      fix: 'correct the path, or delete the line',
    }));
}

function imageFile(file: Candidate, owner: string | undefined): ImageFile {
  const { kind, path, from, target, content } = file;
  const common = { path, from, owner };
  switch (kind) {
    case 'directory':
      // setgid of a folder here is about who works on it.
      return { kind, ...common, mode: file.mode & 0o777 };
    case 'link':
      return { kind, ...common, target };
    case 'file':
      return { kind, ...common, mode: file.mode, content };
  }
}

/** Read at once up to this size: most files are small, and a stream costs more. */
const SMALL_BYTES = 1024 * 1024;

/** SHA-256 of the files of this host, by path. */
async function readContents(files: readonly Candidate[]) {
  const sha256 = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const { kind, content, where } of files) {
    if (kind === 'file' && typeof content !== 'string') {
      try {
        const { size } = await stat(content.from);
        const isSmall = size <= SMALL_BYTES;
        sha256.set(
          content.from,
          isSmall ? hash('sha256', await readFile(content.from)) : await fileDigest(content.from),
        );
      } catch (error) {
        problems.push({ where, what: reasonOf(error), fix: `chmod u+r ${content.from}` });
      }
    }
  }
  return { sha256, problems };
}

/** Does not depend on where the folders are. */
function digest(
  files: Pick<ImageFiles, 'slot' | 'initial'>,
  contents: ReadonlyMap<string, string>,
): string {
  const part = (entries: readonly ImageFile[]) =>
    entries
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ from: _, ...entry }) => {
        const source = entry.kind === 'file' ? sourceOf(entry) : undefined;
        return source === undefined ? entry : { ...entry, content: [contents.get(source)] };
      });
  return digestOf([part(files.slot), part(files.initial)]);
}
