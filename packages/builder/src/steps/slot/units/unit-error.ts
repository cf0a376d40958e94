import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { formatKeyPath } from '@micro-linux/provision';
import type { WhereIs } from '../../../config/where-is.ts';
import type { UnitWish } from '../../../product/contribution.ts';
import type { UnitProblem } from './judge-units.ts';

/** All problems as one error; undefined: there are none. */
export function unitError(
  problems: readonly UnitProblem[],
  whereIs: WhereIs,
): MicroLinuxError | undefined {
  const [first] = problems;
  if (first === undefined) {
    return undefined;
  }
  const lines = problems.map((problem) => line(problem, whereIs));
  const about = {
    message:
      problems.length === 1
        ? lines.join()
        : `${problems.length} things about the units of the image cannot work`,
    ...(problems.length === 1
      ? {}
      : { why: problems.map(({ fix }, index) => `${lines[index]}\n  ${fix}`).join('\n') }),
    hint: problems.length === 1 ? first.fix : 'correct these, and build again',
    details: {
      units: problems.flatMap(({ wish }) => wish?.unit ?? []),
      where: problems.map(({ wish }) => (wish === undefined ? '' : (placeOf(wish, whereIs) ?? ''))),
    },
  };
  switch (first.code) {
    case 'unit-unknown':
      return new MicroLinuxError({ code: 'unit-unknown', exitCode: ExitCode.usage, ...about });
    case 'unit-unusable':
      return new MicroLinuxError({ code: 'unit-unusable', exitCode: ExitCode.usage, ...about });
    case 'never-healthy':
      return new MicroLinuxError({ code: 'never-healthy', exitCode: ExitCode.usage, ...about });
  }
}

function line({ wish, what }: UnitProblem, whereIs: WhereIs): string {
  return wish === undefined
    ? what
    : [placeOf(wish, whereIs), formatKeyPath(wish.key), what]
        .filter((part) => part !== undefined)
        .join(': ');
}

/** Units may be written without `.service`. */
function placeOf({ key, unit, action }: UnitWish, whereIs: WhereIs): string | undefined {
  return key[0] === 'services' && action !== 'set-default'
    ? (whereIs(key, unit) ?? whereIs(key, unit.replace(/\.service$/, '')))
    : whereIs(key);
}
