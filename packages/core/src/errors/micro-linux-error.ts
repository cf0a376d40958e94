/** A fact for `--json`. */
export type Detail =
  | string
  | number
  | boolean
  | readonly Detail[]
  | { readonly [name: string]: Detail };

/** The parts of a {@link MicroLinuxError}. */
export interface ErrorInfo {
  /** Stable, searchable, kebab-case: scripts and docs refer to it, so it never changes meaning. */
  readonly code: string;
  /** What happened, one line, no full stop. */
  readonly message: string;
  /** Why it happened, if known; may have several lines. */
  readonly why?: string | undefined;
  /** The fix: preferably an exact command. */
  readonly hint?: string | undefined;
  /** One of {@link ExitCode}; 1 by default. */
  readonly exitCode?: number | undefined;
  /** More facts for `--json`; no secrets. */
  readonly details?: Readonly<Record<string, Detail>> | undefined;
  readonly cause?: unknown;
}

/** The only error class of the project; every failure that a user can see is one. */
export class MicroLinuxError extends Error {
  readonly code: string;
  readonly why: string | undefined;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly details: Readonly<Record<string, Detail>>;

  constructor(info: ErrorInfo) {
    super(info.message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'MicroLinuxError';
    this.code = info.code;
    this.why = info.why;
    this.hint = info.hint;
    this.exitCode = info.exitCode ?? 1;
    this.details = info.details ?? {};
  }
}
