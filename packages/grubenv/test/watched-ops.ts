import { type FileOps, nodeFileOps } from '../src/file-ops.ts';

/** One file call, with what matters of its arguments. */
export type Call = readonly [name: keyof FileOps, ...facts: readonly (string | number)[]];

/**
 * The real file calls on real files, each noted in `calls`. `replace` puts another function in the
 * place of some, to make them fail.
 */
export function watchedOps(replace: Partial<FileOps> = {}): { ops: FileOps; calls: Call[] } {
  const calls: Call[] = [];
  const real: FileOps = { ...nodeFileOps, ...replace };
  const ops: FileOps = {
    open(path, flags, mode) {
      calls.push(['open', path, flags]);
      return real.open(path, flags, mode);
    },
    fstat(fd) {
      calls.push(['fstat']);
      return real.fstat(fd);
    },
    read(fd, into, position) {
      calls.push(['read', into.length, position]);
      return real.read(fd, into, position);
    },
    write(fd, bytes, position) {
      calls.push(['write', bytes.length, position]);
      return real.write(fd, bytes, position);
    },
    fsync(fd) {
      calls.push(['fsync']);
      real.fsync(fd);
    },
    close(fd) {
      calls.push(['close']);
      real.close(fd);
    },
    unlink(path) {
      calls.push(['unlink', path]);
      real.unlink(path);
    },
  };
  return { ops, calls };
}

/** Throws as node:fs does when a system call fails. */
export function failWith(errno: string): () => never {
  return () => {
    throw Object.assign(new Error(`${errno}: made to fail by the test`), { code: errno });
  };
}
