/** A fact for `--json`. */
export type Detail =
  | string
  | number
  | boolean
  | readonly Detail[]
  | { readonly [name: string]: Detail };

/** What a {@link MicroLinuxError} is made from. */
export interface ErrorInfo {
  /** Stable, searchable, kebab-case: scripts and docs refer to it, so it never changes meaning. */
  readonly code: string;
  /** What happened, one line, no full stop. */
  readonly message: string;
  /** Why it happened, as far as is known; may have several lines. */
  readonly why?: string | undefined;
  /** What fixes it: best an exact command. */
  readonly hint?: string | undefined;
  /** One of {@link ExitCode}; 1 unless told. */
  readonly exitCode?: number | undefined;
  /** More facts for `--json`; no secrets. */
  readonly details?: Readonly<Record<string, Detail>> | undefined;
  readonly cause?: unknown;
}

/** The only error class of the project: every failure a user can meet is one of these. */
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
