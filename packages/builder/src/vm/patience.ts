/**
 * How long machines are waited for, in milliseconds. What decides is that nothing happens any more, by
 * the machine's own time ({@link file://./own-time.ts}): on a busy host all takes many times as long.
 * Two processors that work use up two seconds of it a second.
 */
export const PATIENCE = {
  /** Without a byte on the console of a machine that boots or restarts. */
  silent: 600_000,
  /** For sshd to answer once there is a login prompt. */
  sshd: 360_000,
  /** For the guest to end, or to restart, when it was asked to. */
  shutdown: 360_000,
  /** For anything, by everybody's time: a machine that still does something, but not what it should. */
  far: 3_600_000,
} as const;
