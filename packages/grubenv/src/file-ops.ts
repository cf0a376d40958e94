import * as fs from 'node:fs';

/**
 * The file calls of this package, each one system call. Synchronous, so that two edits in one
 * process cannot interleave. Tests wrap {@link nodeFileOps} to watch the calls or make one fail.
 */
export interface FileOps {
  /** `flags` as in open(2), from `fs.constants`. */
  open(path: string, flags: number, mode?: number): number;
  fstat(fd: number): { readonly size: number; isFile(): boolean };
  /** pread(2): returns the bytes read. */
  read(fd: number, into: Uint8Array, position: number): number;
  /** pwrite(2): returns the bytes written. */
  write(fd: number, bytes: Uint8Array, position: number): number;
  fsync(fd: number): void;
  close(fd: number): void;
  unlink(path: string): void;
}

/** The real calls. */
export const nodeFileOps: FileOps = {
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  fstat: (fd) => fs.fstatSync(fd),
  read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
  write: (fd, bytes, position) => fs.writeSync(fd, bytes, 0, bytes.length, position),
  fsync: (fd) => fs.fsyncSync(fd),
  close: (fd) => fs.closeSync(fd),
  unlink: (path) => fs.unlinkSync(path),
};
