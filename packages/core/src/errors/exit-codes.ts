/**
 * Exit codes of both programs; docs/reference/exit-codes.md is this table in prose.
 * Scripts rely on them: a number never changes its meaning.
 */
export const ExitCode = {
  done: 0,
  failed: 1,
  /** Wrong arguments, or a config file that does not match its schema. */
  usage: 2,
  nothingToDo: 3,
  rebootNeeded: 4,
  /** Signature, compatibility or downgrade: the update was refused. */
  rejected: 5,
  /** Another run holds the lock. */
  busy: 6,
  /** 128 + SIGINT, as shells report it. */
  cancelled: 130,
} as const;
