import { errnoOf } from './errno-of.ts';
import { MicroLinuxError } from './micro-linux-error.ts';

/** Node's error for a failed system call. */
interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

interface Meaning {
  /** Follows the path. */
  readonly what: string;
  readonly hint: string;
}

const NAME_ANOTHER = 'check how the path is written, or name another one';

/** The hint when this process or the host has reached a limit. */
const LIMIT_HINTS = {
  EMFILE: 'ulimit -n 65536',
  ENFILE: 'end what has files open, or raise the limit: sysctl fs.file-max',
  ENOMEM: 'end what uses memory (free -m shows how much is left), or give this machine more',
  /** Of fork(2). */
  EAGAIN: 'end some processes, or raise the limit of your user: ulimit -u',
} as const;

/** What the kernel's error codes mean to somebody who named a path (errno(3)). */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: { what: 'does not exist', hint: NAME_ANOTHER },
  ENOTDIR: { what: 'has a file where a folder should be', hint: NAME_ANOTHER },
  EISDIR: { what: 'is a folder, not a file', hint: 'name a file' },
  EACCES: {
    what: 'may not be used by your user',
    hint: 'give your user the right to it (ls -ld shows who has it), or name another one',
  },
  EPERM: {
    what: 'may not be changed by your user',
    hint: 'give your user the right to it (ls -ld and lsattr show who has it), or name another one',
  },
  EROFS: { what: 'is on a read-only file system', hint: 'name a place that can be written to' },
  ELOOP: { what: 'is a link that leads back to itself', hint: 'correct the link (ls -l shows it)' },
  ENAMETOOLONG: { what: 'has a name that is too long', hint: 'choose a shorter one' },
  EEXIST: { what: 'is there already', hint: 'move it away, or name another place' },
  ENOTEMPTY: { what: 'is a folder with files in it', hint: 'name a file, or an empty folder' },
  EBUSY: { what: 'is in use', hint: 'end what uses it (fuser -v shows it)' },
  ETXTBSY: { what: 'is a program that runs', hint: 'end it, or name another file' },
  EMFILE: { what: 'cannot be opened: too many files are open', hint: LIMIT_HINTS.EMFILE },
  ENFILE: {
    what: 'cannot be opened: too many files are open on this host',
    hint: LIMIT_HINTS.ENFILE,
  },
  ENOMEM: { what: 'cannot be used: memory is used up', hint: LIMIT_HINTS.ENOMEM },
  ESTALE: {
    what: 'is on a network file system that has lost it',
    hint: 'mount that file system again',
  },
  ENOTCONN: {
    what: 'is on a file system that does not answer',
    hint: 'unmount that file system, and mount it again',
  },
  EFBIG: {
    what: 'would be larger than its file system or ulimit -f allows',
    hint: 'ulimit -f unlimited',
  },
  EIO: {
    what: 'cannot be read or written: its disk fails',
    hint: 'look at the log of the kernel: dmesg',
  },
  EINVAL: { what: 'cannot be used that way', hint: NAME_ANOTHER },
  ENXIO: { what: 'is a device or socket that no program serves', hint: NAME_ANOTHER },
  ENODEV: { what: 'is a device that does not exist', hint: NAME_ANOTHER },
  EXDEV: { what: 'is on another file system', hint: 'name a place on the same one' },
};

const FULL: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left',
  EDQUOT: 'your quota of disk space is used up',
};

/**
 * Explains a failed system call on a path to a user; undefined for everything else, which is a bug
 * or already explained.
 *
 * @returns an error `disk-full` or `path-unusable`.
 */
export function explainSystemError(thrown: unknown): MicroLinuxError | undefined {
  if (!isSystemError(thrown)) {
    return undefined;
  }
  const path = thrown.dest ?? thrown.path;
  const details = { errno: thrown.code, ...(path === undefined ? {} : { path }) };
  const full = FULL[thrown.code];
  if (full !== undefined) {
    return new MicroLinuxError({
      code: 'disk-full',
      message: path === undefined ? full : `${full} for ${path}`,
      why: thrown.message,
      hint: 'free some space (df -h and df -i show where), or move what a build needs: --artifacts DIR, XDG_CACHE_HOME, TMPDIR',
      details,
      cause: thrown,
    });
  }
  const meaning = MEANINGS[thrown.code];
  if (!meaning || (path === undefined && !NO_PATH.has(thrown.code))) {
    return undefined;
  }
  return new MicroLinuxError({
    code: 'path-unusable',
    message: `${path ?? 'a file'} ${meaning.what}`,
    why: thrown.message,
    hint: meaning.hint,
    details,
    cause: thrown,
  });
}

/**
 * The hint if something failed because this process or the host reached a limit; undefined if it
 * failed for another reason, for which the caller has a better hint.
 */
export function limitHint(thrown: unknown): string | undefined {
  return new Map<string, string>(Object.entries(LIMIT_HINTS)).get(errnoOf(thrown) ?? '');
}

/** Why something failed, in one line: for the `why` of errors with their own code. */
export function reasonOf(thrown: unknown): string {
  const explained = explainSystemError(thrown);
  return explained?.message ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

/** Node's errors have no path if a call works on an open file. */
const NO_PATH = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'EISDIR', 'EFBIG', 'EROFS']);

/** System calls on sockets fail with the same codes, which mean something else there. */
const ON_SOCKETS = new Set(['connect', 'listen', 'bind', 'accept', 'getaddrinfo', 'shutdown']);

function isSystemError(thrown: unknown): thrown is SystemError {
  return (
    thrown instanceof Error &&
    errnoOf(thrown) !== undefined &&
    'syscall' in thrown &&
    typeof thrown.syscall === 'string' &&
    !ON_SOCKETS.has(thrown.syscall) &&
    // A missing program is reported elsewhere.
    !thrown.syscall.startsWith('spawn')
  );
}
