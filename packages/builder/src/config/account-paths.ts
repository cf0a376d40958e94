import { Problem, show } from '@micro-linux/provision';

/** For a user without a home: the directory that adduser and systemd-sysusers write. */
const NO_HOME = 'none';

/**
 * Reads the home of a user.
 *
 * @returns undefined for `none`.
 */
export function parseHome(path: string): string | undefined | Problem {
  if (path === NO_HOME) {
    return undefined;
  }
  return /^\/(?:home|var\/lib)(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/.test(path)
    ? path
    : new Problem(
        `${show(path)} cannot be a home: only directories below /home and /var/lib are kept on the data partition`,
        'write /home/NAME or /var/lib/NAME, or none',
      );
}

/** Refuses what is not the path of a shell. Whether the image has it is checked in the build. */
export function checkShell(path: string): Problem | undefined {
  return /^(?:\/[A-Za-z0-9_][A-Za-z0-9._+-]*)+$/.test(path)
    ? undefined
    : new Problem(`${show(path)} is not the path of a program`, 'write one such as /bin/bash');
}

/** Refuses a full name that passwd(5) cannot contain. */
export function checkComment(text: string): Problem | undefined {
  return /[:\p{Cc}]/u.test(text)
    ? new Problem('has a colon or a control character', 'leave it out: passwd(5) separates by it')
    : undefined;
}
