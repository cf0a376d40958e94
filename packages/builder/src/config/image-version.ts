import { Problem, show } from './problem.ts';

const NUMBER = '(?:0|[1-9]\\d*)';
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** Refuses what is no `1.2.3` or `1.2.3-rc.1`: updates are ordered by it. */
export function checkImageVersion(version: string): Problem | undefined {
  return VERSION.test(version)
    ? undefined
    : new Problem(
        `${show(version)} is no version`,
        'write three numbers, such as 1.2.3 or 1.2.3-rc.1',
      );
}
