import type { Runner } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';

/** What a tar has at a path. */
export interface TarNode {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a link. */
  readonly target: string;
}

/** `drwxr-xr-x 0/0 0 2026-01-01 00:00 ./etc/`; GNU tar prints type, mode, ids, size and time. */
const LINE =
  /^(?<type>.)(?<mode>[-rwxsStT]{9})\S* +(?<uid>\d+)\/(?<gid>\d+) +[\d,]+ \d{4}-\d\d-\d\d \d\d:\d\d (?<name>.*)$/;

const KINDS: Readonly<Record<string, TarNode['kind']>> = {
  '-': 'file',
  h: 'file',
  d: 'directory',
  l: 'link',
};

/** Everything in a tar, by absolute path. Seeks over the contents, so that it takes no time. */
export async function listTar(
  tar: string,
  { run, signal }: { readonly run: Runner; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, TarNode>> {
  const { stdout } = await run(
    'tar',
    ['--list', '--verbose', '--numeric-owner', '--quoting-style=literal', '--file', tar],
    { signal, env: { LC_ALL: 'C' } },
  );
  return new Map(
    stdout.split('\n').flatMap((line) => {
      const { type = '', mode = '', uid, gid, name = '' } = LINE.exec(line)?.groups ?? {};
      const kind = KINDS[type] ?? 'other';
      const [path = '', target = ''] = kind === 'link' ? name.split(' -> ') : [name];
      const node = { kind, mode: modeOf(mode), uid: Number(uid), gid: Number(gid), target };
      return name === '' ? [] : [[path.replace(/^\.?\/*/, '/').replace(/(?<=.)\/+$/, ''), node]];
    }),
  );
}

/** The bits of `rwxr-sr-t`. */
function modeOf(text: string): number {
  return [...text].reduce((bits, letter, index) => {
    const permission = /[rwxst]/.test(letter) ? 1 << (8 - index) : 0;
    const special = /[st]/i.test(letter) ? ([0o4000, 0o2000, 0o1000][(index - 2) / 3] ?? 0) : 0;
    return bits | permission | special;
  }, 0);
}

/** A tree with further entries in it. A directory without a mode of its own keeps that of the tree. */
export function withEntries(
  nodes: ReadonlyMap<string, TarNode>,
  entries: readonly TreeEntry[],
): ReadonlyMap<string, TarNode> {
  const all = new Map(nodes);
  for (const entry of entries) {
    const isKept =
      entry.kind === 'directory' &&
      entry.mode === undefined &&
      all.get(entry.path)?.kind === 'directory';
    if (!isKept) {
      all.set(entry.path, nodeOf(entry));
    }
  }
  return all;
}

function nodeOf(entry: TreeEntry): TarNode {
  const { kind, uid = 0, gid = 0 } = entry;
  return entry.kind === 'link'
    ? { kind: entry.kind, mode: 0o777, uid, gid, target: entry.target }
    : { kind, mode: entry.mode ?? (kind === 'file' ? 0o644 : 0o755), uid, gid, target: '' };
}
