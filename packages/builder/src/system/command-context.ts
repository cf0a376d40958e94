import type { Reporter } from '@micro-linux/core';

/** What every command gets; nothing below the CLI reads `process`. */
export interface CommandContext {
  readonly reporter: Reporter;
  /** Aborted by Ctrl-C or SIGTERM: pass it to everything slow. */
  readonly signal: AbortSignal;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout (or installation) the builder runs from; contains systemd/, packages/. */
  readonly root: string;
  /** Whether a person sits at the terminal: stdin and stdout are both a TTY. */
  readonly interactive: boolean;
  /** Whether a new password may be printed to standard output: see `mayShowSecrets`. */
  readonly mayShowSecrets: boolean;
}
