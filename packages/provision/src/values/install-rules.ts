import { backwardRange } from '../disk/glob.ts';
import { Problem, show } from './problem.ts';

const MAXIMUM_CHARACTERS = 200;

/**
 * Characters that YAML cannot contain or that its readers interpret: control characters except tab
 * and line feed, Unicode line ends, the byte order mark, lone surrogates.
 */
const UNSAFE = /[^\t\n\P{Cc}]|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u;

/**
 * Refuses text that cannot match a disk's serial number or model; `*`, `?` and `[…]` are wildcards.
 */
export function checkDiskPattern(pattern: string): Problem | undefined {
  return pattern.trim() === '' || pattern.length > MAXIMUM_CHARACTERS || /[^ -~]/.test(pattern)
    ? new Problem(
        `${show(pattern)} can match no disk`,
        'write what `lsblk -o NAME,SERIAL,MODEL` shows on the machine; * matches any characters',
      )
    : checkDiskRanges(pattern);
}

/** Refuses a pattern with an empty range. */
export function checkDiskRanges(pattern: string): Problem | undefined {
  const range = backwardRange(pattern);
  return range === undefined
    ? undefined
    : new Problem(
        `${show(pattern)} has the range ${show(range)}, which runs backwards and matches nothing`,
        `write the lower end first: [${[...range].reverse().join('')}]`,
      );
}

/** Refuses text that is not a path of a disk as the kernel names it. */
export function checkDiskPath(path: string): Problem | undefined {
  if (path.startsWith('/dev/disk/')) {
    return new Problem(
      `${show(path)} is a link of udev's: the installer compares the kernel's own names`,
      'write a serial number instead: serial: …',
    );
  }
  return /^\/dev\/[!-~]+$/.test(path) && path.length <= MAXIMUM_CHARACTERS
    ? checkDiskRanges(path)
    : new Problem(`${show(path)} is not a disk`, 'write a path such as /dev/nvme0n1 or /dev/vd*');
}

/** Refuses a command that cannot be run. The reason never quotes it: it may contain a secret. */
export function checkCommand(command: string | readonly string[]): Problem | undefined {
  const words = typeof command === 'string' ? [command] : command;
  if ((words[0] ?? '').trim() === '') {
    return new Problem('is an empty command', 'write a line for sh, or leave it out');
  }
  return words.some((word) => UNSAFE.test(word))
    ? new Problem(
        'has characters in it that cannot be passed on (value not shown)',
        "write them in the command as printf does: printf '\\033'",
      )
    : undefined;
}
