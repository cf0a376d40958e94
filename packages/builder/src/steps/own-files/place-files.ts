import { posix } from 'node:path';
import type { TreeEntry } from '@micro-linux/provision';
import type { ImageFile, ImageFiles } from '../../product/image-file.ts';
import { parentsOf } from './gather-image-files.ts';
import type { TarNode } from './list-tar.ts';
import { type Accounts, type OwnerIds, ownerIds } from './owners.ts';
import { type FileProblem, filesRefused } from './problem-list.ts';

/** What an image contains before files of the product are added. */
export interface ImageBefore {
  readonly nodes: ReadonlyMap<string, TarNode>;
  readonly accounts: Accounts;
}

/** Where the slot keeps the files of `initial`; prepare-state copies them. */
export const INITIAL_DIRECTORY = '/usr/lib/micro-linux/initial';

/**
 * The entries of a slot for files of the product: owners as ids, and all directories above them.
 * Directories that the image has already keep their owners and modes, on the data partition, too.
 *
 * @throws MicroLinuxError `files-refused` for a file in the place of a directory, one below a link
 *   or a file, or an owner that the image does not have.
 */
export function placeFiles(files: ImageFiles, image: ImageBefore): TreeEntry[] {
  const ids = ownerIds(image.accounts);
  const problems = [...files.slot, ...files.initial].flatMap((file) => [
    ...placeProblems(file, image.nodes),
    ...ownerProblems(file, ids),
  ]);
  if (problems.length > 0) {
    throw filesRefused(problems);
  }
  const initial = withParents(files.initial, image, ids).map((entry) => ({
    ...entry,
    path: INITIAL_DIRECTORY + entry.path,
  }));
  return [
    ...withParents(files.slot, image, ids),
    ...(initial.length === 0
      ? []
      : [
          // Only root reads what will be, say, in a home.
          { kind: 'directory', path: INITIAL_DIRECTORY, mode: 0o700 } as const,
          ...initial,
        ]),
  ];
}

function placeProblems(file: ImageFile, nodes: ImageBefore['nodes']): FileProblem[] {
  const refuse = (what: string, fix: string) => [{ what: `${file.from}: ${what}`, fix }];
  const above = parentsOf(file.path).find((path) => !isDirectory(nodes.get(path)));
  const obstacle = above === undefined ? undefined : nodes.get(above);
  if (above !== undefined && obstacle?.kind === 'link') {
    const rest = file.path.slice(above.length);
    return refuse(
      `${above} is a link to ${obstacle.target} in the image`,
      `use ${leadsTo(above, obstacle)}${rest}`,
    );
  }
  if (obstacle) {
    return refuse(`${above} is a file in the image`, 'use another folder');
  }
  const here = nodes.get(file.path);
  if (here?.kind === 'link' && file.kind === 'directory') {
    return refuse(
      `${file.path} is a link to ${here.target} in the image`,
      `use ${leadsTo(file.path, here)}`,
    );
  }
  if (here && (here.kind === 'directory') !== (file.kind === 'directory')) {
    const is = here.kind === 'directory' ? 'a directory' : 'a file';
    return refuse(`${file.path} is ${is} in the image`, 'use another name');
  }
  return [];
}

/** Undefined counts: it will be made. */
function isDirectory(node: TarNode | undefined): boolean {
  return node === undefined || node.kind === 'directory';
}

function leadsTo(path: string, { target }: TarNode): string {
  return posix.resolve(posix.dirname(path), target);
}

function ownerProblems({ owner, from }: ImageFile, ids: OwnerIds): FileProblem[] {
  const found = owner === undefined ? undefined : ids.of(owner);
  return typeof found === 'string'
    ? [
        {
          what: `${from}: cannot belong to ${owner}, because ${found}`,
          fix: 'correct the owner, or add the package or the user that makes the account',
        },
      ]
    : [];
}

function withParents(
  files: readonly ImageFile[],
  { nodes }: ImageBefore,
  ids: OwnerIds,
): TreeEntry[] {
  const entries = new Map<string, TreeEntry>();
  const directory = (path: string, given?: ImageFile): TreeEntry => {
    const node = nodes.get(path);
    const mode = given?.kind === 'directory' ? given.mode : undefined;
    return node && given?.owner === undefined
      ? { kind: 'directory', path, mode: node.mode, uid: node.uid, gid: node.gid }
      : {
          kind: 'directory',
          path,
          mode: node?.mode ?? mode ?? 0o755,
          ...idsOf(path, given?.owner, ids),
        };
  };
  for (const file of files) {
    for (const path of parentsOf(file.path)) {
      if (path !== '/' && !entries.has(path)) {
        entries.set(path, directory(path));
      }
    }
    const { from: _, owner, ...entry } = file;
    entries.set(
      file.path,
      file.kind === 'directory'
        ? directory(file.path, file)
        : { ...entry, ...idsOf(file.path, owner, ids) },
    );
  }
  return [...entries.values()];
}

/** What is in a home belongs to its user unless the config says otherwise; all else to root. */
function idsOf(path: string, owner: string | undefined, ids: OwnerIds) {
  const name = owner ?? ids.ofHome(path);
  const found = name === undefined ? undefined : ids.of(name);
  return typeof found === 'object' ? found : { uid: 0, gid: 0 };
}
