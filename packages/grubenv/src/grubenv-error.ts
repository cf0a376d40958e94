/** What is wrong with a block's bytes. */
export type DamageCode =
  /** Not exactly 1024 bytes. */
  | 'wrong-size'
  /** Does not begin with `# GRUB Environment Block`. */
  | 'missing-header'
  /** A line that is neither a comment nor `name=value`. */
  | 'entry-without-equals'
  /** `name=value` with no newline after it. */
  | 'unterminated-value'
  /** The `#` padding does not reach the end of the block. */
  | 'bytes-after-padding'
  /** A zero byte inside a line: GRUB's C strings end there. */
  | 'nul-byte'
  /** A duplicate name: GRUB would change the first and load the last. */
  | 'duplicate-name';

/** All error codes of this package. They are stable: scripts may compare them. */
export type GrubEnvErrorCode =
  | DamageCode
  /** The variables would need more than 1024 bytes. */
  | 'block-full'
  /** A name that GRUB could not read back. */
  | 'invalid-name'
  /** A value that contains a zero byte or a character that is not a byte. */
  | 'invalid-value'
  /** Text beyond the first 512 bytes, see `assertInFirstSector`. */
  | 'past-first-sector'
  /** No such file. */
  | 'not-found'
  /** `createBlockFile` never replaces a file. */
  | 'already-exists'
  /** A directory, device or pipe. */
  | 'not-a-file'
  /** The kernel read or wrote fewer than 1024 bytes at once. */
  | 'short-transfer'
  /** Any other failure of the operating system; `cause` has it. */
  | 'io'
  /** The command line was invalid. */
  | 'usage';

/** The parts of a {@link GrubEnvError}. */
export interface GrubEnvErrorInfo {
  readonly code: GrubEnvErrorCode;
  /** What happened: one line, no full stop. */
  readonly message: string;
  /** Why, or what it means. */
  readonly why: string;
  /** The fix. */
  readonly hint: string;
  /** Position in the block, in bytes from its start. */
  readonly offset?: number;
  readonly cause?: unknown;
}

/** The only error this package throws on purpose. */
export class GrubEnvError extends Error {
  readonly code: GrubEnvErrorCode;
  readonly why: string;
  readonly hint: string;
  /** Position in the block, in bytes from its start; undefined if the error has no position. */
  readonly offset: number | undefined;

  constructor(info: GrubEnvErrorInfo) {
    super(info.message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'GrubEnvError';
    this.code = info.code;
    this.why = info.why;
    this.hint = info.hint;
    this.offset = info.offset;
  }
}

const DAMAGE_CODES: ReadonlySet<string> = new Set<DamageCode>([
  'wrong-size',
  'missing-header',
  'entry-without-equals',
  'unterminated-value',
  'bytes-after-padding',
  'nul-byte',
  'duplicate-name',
]);

/**
 * Distinguishes a damaged block (worth restoring from a copy) from every other failure (a missing
 * file, a read-only disk, a bad argument).
 *
 * @param thrown any caught value
 */
export function isDamagedBlock(
  thrown: unknown,
): thrown is GrubEnvError & { readonly code: DamageCode } {
  return thrown instanceof GrubEnvError && DAMAGE_CODES.has(thrown.code);
}

const RESTORE_HINT =
  'restore a good copy of these 1024 bytes, or delete the file and create a blank block';

/** A {@link GrubEnvError} about the bytes of a block, with the hint that applies to all of them. */
export function damagedBlock(
  code: DamageCode,
  message: string,
  why: string,
  offset: number,
): GrubEnvError {
  return new GrubEnvError({ code, message, why, hint: RESTORE_HINT, offset });
}
