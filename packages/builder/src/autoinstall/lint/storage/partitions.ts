import { show } from '@micro-linux/provision';
import { nearest } from '../../../config/suggest.ts';
import type { Remark } from '../../check/finding.ts';
import type { RuleId } from '../../check/rules.ts';
import { type Action, isGiven } from './action.ts';
import { partitionTypeRemarks } from './partition-types.ts';

/** Flags with a partition type in curtin; it silently reads any other as `linux`. */
const FLAGS = [
  ...['bios_grub', 'boot', 'extended', 'home', 'linux', 'logical', 'lvm', 'mbr', 'msftres', 'prep'],
  ...['raid', 'swap', ''],
];

/** Highest number of a partition that is not logical, by partition table. */
const PRIMARIES: Readonly<Record<string, number>> = { gpt: 128, msdos: 4, vtoc: 3 };
/** Of a logical partition. */
const HIGHEST_NUMBER = 128;

interface Numbered {
  readonly action: Action;
  readonly number: number;
  readonly logical: boolean;
}

/** Flags, numbers and tables of partitions. */
export function partitionRemarks(actions: readonly Action[]): Remark[] {
  const parents = actions.filter(({ type }) => type === 'disk' || type === 'raid');
  return parents.flatMap((parent) => {
    const partitions = actions.filter(
      ({ type, fields }) => type === 'partition' && fields['device'] === parent.id,
    );
    return partitions.length === 0 ? [] : ofParent(parent, partitions);
  });
}

function ofParent(parent: Action, partitions: readonly Action[]): Remark[] {
  const table = tableOf(parent);
  const created = partitions.filter(({ fields }) => !isGiven(fields['preserve']));
  if (table === undefined && created.length > 0) {
    return [
      wrong(
        parent,
        undefined,
        'gets partitions, but no partition table',
        'add ptable: gpt to this entry',
      ),
    ];
  }
  const limit = PRIMARIES[table ?? 'gpt'];
  if (limit === undefined) {
    return typeof parent.fields['ptable'] === 'string'
      ? [wrong(parent, 'ptable', 'cannot have partitions', 'write ptable: gpt')]
      : [];
  }
  return [
    ...partitions.flatMap((partition) => [
      ...flags(partition, table),
      ...partitionTypeRemarks(partition, table),
    ]),
    ...secondExtended(partitions, table),
    ...numbers(partitions, table ?? 'gpt', limit),
  ];
}

/** The table of a disk or RAID by Subiquity's name; undefined if it has none. */
export function tableOf(parent: Action): string | undefined {
  const table = parent.fields['ptable'];
  return table === 'dos' ? 'msdos' : typeof table === 'string' ? table : undefined;
}

function flags(partition: Action, table: string | undefined): Remark[] {
  const flag = partition.fields['flag'];
  if (typeof flag !== 'string') {
    return [];
  }
  if (table !== 'msdos' && flag === 'logical' && typeof partition.fields['number'] !== 'number') {
    return [wrong(partition, 'flag', 'is for msdos tables only', 'remove it: a GPT needs none')];
  }
  if (table === 'msdos' && flag === 'prep') {
    return [
      remark(
        'storage-version-1',
        partition,
        'flag',
        'is for a GPT: an msdos table has no such partition',
        'write ptable: gpt',
      ),
    ];
  }
  if (FLAGS.includes(flag) || (table === 'msdos' && flag === 'primary')) {
    return [];
  }
  return [
    wrong(
      partition,
      'flag',
      `${show(flag)} is not a flag: the installer makes it linux`,
      flag === 'esp' ? 'write boot' : `write ${nearest(flag, FLAGS) ?? 'linux'}`,
    ),
  ];
}

function secondExtended(partitions: readonly Action[], table: string | undefined): Remark[] {
  const extended = partitions.filter(({ fields }) => fields['flag'] === 'extended');
  const [, second] = extended;
  return table === 'msdos' && second !== undefined
    ? [wrong(second, 'flag', 'makes a second extended partition', 'keep one of them')]
    : [];
}

function numbers(partitions: readonly Action[], table: string, limit: number): Remark[] {
  const wrongTypes = partitions.some(
    ({ fields: { number } }) =>
      number !== undefined && number !== null && !Number.isInteger(number),
  );
  // Reported elsewhere, and the rest depends on it.
  if (wrongTypes) {
    return [];
  }
  const given: Numbered[] = [];
  for (const action of partitions) {
    const numbered = numberOf(action, given, table, limit);
    if (numbered === undefined) {
      return [tooMany(action, table, limit)];
    }
    given.push(numbered);
  }
  return [
    ...given.flatMap((one) => inRange(one, given, table, limit)),
    ...firstNumber(given, table),
    ...afterExtended(given, table),
  ];
}

/** The number that the installer gives a partition, in the order of the list. */
function numberOf(
  action: Action,
  given: readonly Numbered[],
  table: string,
  limit: number,
): Numbered | undefined {
  const own = action.fields['number'];
  const flagged = action.fields['flag'] === 'logical';
  if (typeof own === 'number') {
    return { action, number: own, logical: flagged || (table === 'msdos' && own > limit) };
  }
  const taken = given.filter(({ logical }) => logical === flagged).map(({ number }) => number);
  const [from, to] = flagged ? [limit + 1, HIGHEST_NUMBER] : [1, limit];
  for (let number = from; number <= to; number++) {
    if (!taken.includes(number)) {
      return { action, number, logical: flagged };
    }
  }
  return undefined;
}

function tooMany(action: Action, table: string, limit: number): Remark {
  return wrong(
    action,
    undefined,
    `is one primary partition too many: a table of ${table} has room for ${limit}`,
    table === 'msdos'
      ? 'write ptable: gpt, or one partition with flag: extended and others with flag: logical'
      : 'remove a partition',
  );
}

function inRange(
  { action, number, logical }: Numbered,
  given: readonly Numbered[],
  table: string,
  limit: number,
): Remark[] {
  const earlier = given.find((other) => other.number === number);
  if (earlier !== undefined && earlier.action !== action) {
    return [
      wrong(
        action,
        'number' in action.fields ? 'number' : undefined,
        `${number} is the number of ${earlier.action.id} too`,
        'write another number',
      ),
    ];
  }
  if (number < 1 || (table === 'gpt' && number > limit)) {
    return [
      wrong(action, 'number', `${number} is not a number of ${table}`, `write 1 to ${limit}`),
    ];
  }
  if (table === 'msdos' && number > limit && action.fields['flag'] === 'extended') {
    return [
      wrong(action, 'number', `${number} is not a number of an extended partition`, 'write 1 to 4'),
    ];
  }
  const hasExtended = given.some(({ action: { fields } }) => fields['flag'] === 'extended');
  return logical && table === 'msdos' && !hasExtended
    ? [
        wrong(
          action,
          'number' in action.fields ? 'number' : 'flag',
          'is a logical partition, and there is no extended one',
          'add a partition with flag: extended before it',
        ),
      ]
    : [];
}

/** Curtin's older method places a primary partition after the last one, not after the extended one. */
function afterExtended(given: readonly Numbered[], table: string): Remark[] {
  const extended = given.find(({ action: { fields } }) => fields['flag'] === 'extended');
  const late = given.find(
    ({ number, action: { fields } }) =>
      fields['flag'] !== 'logical' && extended !== undefined && number > extended.number,
  );
  return table !== 'msdos' || late === undefined
    ? []
    : [
        remark(
          'storage-version-1',
          late.action,
          undefined,
          'comes after the extended partition: the installer fails, unless its kernel line has subiquity-storage-version=2',
          'move it before the extended one',
        ),
      ];
}

/** Curtin's older method places a partition after one that it has already made. */
function firstNumber(given: readonly Numbered[], table: string): Remark[] {
  const lowest = given.toSorted((one, other) => one.number - other.number)[0];
  return lowest === undefined || lowest.number <= 1 || table === 'vtoc'
    ? []
    : [
        remark(
          'storage-version-1',
          lowest.action,
          'number',
          'is the lowest of its disk, and not 1: the installer fails, unless its kernel line has subiquity-storage-version=2',
          'write number: 1 for one of the partitions',
        ),
      ];
}

function wrong(action: Action, key: string | undefined, problem: string, fix: string): Remark {
  return remark('storage-action', action, key, problem, fix);
}

function remark(
  rule: RuleId,
  { path, fields }: Action,
  key: string | undefined,
  problem: string,
  fix: string,
): Remark {
  return {
    rule,
    path: key === undefined || !(key in fields) ? path : [...path, key],
    problem,
    fix,
  };
}
