import { backwardRange } from '../disk/glob.ts';
import { Problem, show } from './problem.ts';

const MAXIMUM_CHARACTERS = 200;

/**
 * Characters that YAML cannot hold or that its readers take for something else: control characters
 * but tab and line feed, the line ends of Unicode, the byte order mark, halves of a character.
 */
const UNSAFE = /[^\t\n\P{Cc}]|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u;

/** Refuses what no disk's serial number or model can match; `*`, `?` and `[…]` are wildcards. */
export function checkDiskPattern(pattern: string): Problem | undefined {
  return pattern.trim() === '' || pattern.length > MAXIMUM_CHARACTERS || /[^ -~]/.test(pattern)
    ? new Problem(
        `${show(pattern)} can match no disk`,
        'write what `lsblk -o NAME,SERIAL,MODEL` shows on the machine; * matches any characters',
      )
    : checkDiskRanges(pattern);
}

/** Refuses a pattern with a range that holds no character. */
export function checkDiskRanges(pattern: string): Problem | undefined {
  const range = backwardRange(pattern);
  return range === undefined
    ? undefined
    : new Problem(
        `${show(pattern)} has the range ${show(range)}, which runs backwards and matches nothing`,
        `write the lower end first: [${[...range].reverse().join('')}]`,
      );
}

/** Refuses what is no path of a disk as the kernel names it. */
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

/** Refuses a command that cannot be run; what is wrong never quotes it: it may hold a secret. */
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
