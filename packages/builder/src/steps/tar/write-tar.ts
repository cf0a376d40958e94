import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { TreeEntry } from '@micro-linux/provision';
import { type Pack, pack } from 'tar-stream';

/**
 * Writes entries as a tar file with numeric owners, sorted by path, all with one modification time,
 * so that the same entries give the same bytes. Of several entries with one path, the last counts.
 *
 * @param modifiedAt modification time of every entry, in seconds since 1970.
 */
export async function writeTar(
  path: string,
  entries: readonly TreeEntry[],
  modifiedAt: number,
): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, createWriteStream(path));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const entry of [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    await addEntry(archive, entry, modifiedAt);
  }
  archive.finalize();
  await written;
}

async function addEntry(archive: Pack, entry: TreeEntry, modifiedAt: number): Promise<void> {
  const common = {
    name: entry.path.replace(/^\/+/, ''),
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    mtime: new Date(modifiedAt * 1000),
  };
  switch (entry.kind) {
    case 'directory':
      archive.entry({ ...common, type: 'directory', mode: entry.mode ?? 0o755 });
      return;
    case 'link':
      archive.entry({ ...common, type: 'symlink', mode: 0o777, linkname: entry.target });
      return;
    case 'file': {
      const mode = entry.mode ?? 0o644;
      if (typeof entry.content === 'string') {
        archive.entry({ ...common, mode }, entry.content);
        return;
      }
      const { size } = await stat(entry.content.from);
      await pipeline(
        createReadStream(entry.content.from),
        archive.entry({ ...common, mode, size }),
      );
    }
  }
}
