/**
 * Timeouts for machines, in milliseconds. They measure missing progress in the machine's own time
 * ({@link file://./own-time.ts}), because on a busy host everything takes many times as long. Two
 * busy processors use two seconds of it per second.
 */
export const PATIENCE = {
  /** Without a byte on the console of a machine that boots or restarts. */
  silent: 600_000,
  /** For sshd to answer after the login prompt. */
  sshd: 360_000,
  /** For the guest to shut down or restart on request. */
  shutdown: 360_000,
  /** For anything, in real time: for a machine that is active but makes no useful progress. */
  far: 3_600_000,
} as const;
