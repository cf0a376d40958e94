import { GrubEnvError } from './grubenv-error.ts';

/** Runs file calls on `path` and converts errors of the operating system to a GrubEnvError. */
export function withIoErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof GrubEnvError ? error : ioError(path, error);
  }
}

function ioError(path: string, cause: unknown): GrubEnvError {
  const errno = errnoOf(cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  switch (errno) {
    case 'ENOENT':
      return new GrubEnvError({
        code: 'not-found',
        message: `${path} does not exist`,
        why,
        hint: 'check the path and that its file system is mounted; "grubenv FILE create" makes a block',
        cause,
      });
    case 'EEXIST':
      return new GrubEnvError({
        code: 'already-exists',
        message: `${path} already exists`,
        why: 'a block that is in use is never replaced by a blank one',
        hint: 'edit it with set and unset, or delete it first if it is damaged',
        cause,
      });
    case 'EISDIR':
      return notAFile(path, cause);
    default:
      return new GrubEnvError({
        code: 'io',
        message: `cannot use ${path}`,
        why,
        hint: HINTS[errno] ?? 'fix what the operating system reports, then run the command again',
        cause,
      });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'run it as a user who may write the file, usually root',
  EPERM: 'run it as a user who may write the file, usually root',
  EROFS: 'remount its file system for writing: mount -o remount,rw',
  ENOSPC: 'free space on its file system',
  EDQUOT: 'free space on its file system: your quota is used up',
  EMFILE: 'allow more open files: ulimit -n 65536',
  ENFILE: 'end what has files open, or allow more: sysctl fs.file-max',
  EIO: 'look in the kernel log (dmesg): the disk may be failing',
};

/** The error for a directory, device or pipe in place of the block. */
export function notAFile(path: string, cause?: unknown): GrubEnvError {
  return new GrubEnvError({
    code: 'not-a-file',
    message: `${path} is not a regular file`,
    why: 'the block is an ordinary file of 1024 bytes',
    hint: 'name the grubenv file itself',
    cause,
  });
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
