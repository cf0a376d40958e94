import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { nearestFew } from '../../config/suggest.ts';
import type { WhereIs } from '../../config/where-is.ts';
import type { LocalPackage } from '../product-root/local-packages.ts';
import type { AptAnswer } from './ask-apt.ts';

/** Number of unmet dependencies that are shown. */
const SHOWN = 6;

/** What a config says about packages, and where. */
export interface PackageWishes {
  /** `packages.remove`. */
  readonly unwanted: readonly string[];
  readonly whereIs: WhereIs;
  readonly local?: readonly LocalPackage[];
}

/** What is wrong with the packages of a config, according to apt; undefined: nothing. */
export function judgePackages(
  answer: AptAnswer,
  wishes: PackageWishes,
): MicroLinuxError | undefined {
  const { unwanted } = wishes;
  const unknown = unknownPackages(answer.lines);
  if (unknown.length > 0) {
    return packagesUnknown(unknown, answer.names, wishes);
  }
  if (answer.essential.length > 0) {
    return cannotBeLeftOut(
      answer.essential,
      'every system of this distribution has them: dpkg refuses to remove them',
      wishes,
    );
  }
  if (answer.possible) {
    return undefined;
  }
  const unmet = unmetDependencies(answer.lines);
  if (unmet.length === 0) {
    return undefined;
  }
  const guilty = unwanted.filter((name) => unmet.some((line) => mentions(line, name)));
  const why = unmet.slice(0, SHOWN).join('\n');
  const local = wishes.local?.find(({ name }) =>
    unmet.some((line) => line.startsWith(`${name} : `)),
  );
  if (local && guilty.length === 0) {
    return localUnresolvable(local, why);
  }
  return guilty.length > 0
    ? cannotBeLeftOut(guilty, why, wishes)
    : new MicroLinuxError({
        code: 'packages-unresolvable',
        message: 'the packages cannot be installed together',
        why,
        hint: 'change packages.add, packages.remove or kernel.package in micro-linux.yaml',
        exitCode: ExitCode.usage,
      });
}

/** A .deb file whose dependencies cannot be met. */
export function localUnresolvable({ where, name, version, file }: LocalPackage, why: string) {
  return new MicroLinuxError({
    code: 'packages-unresolvable',
    message: `${where}: ${name} ${version} of ${file} cannot be installed`,
    why,
    hint: 'correct its dependencies, or add what provides them: a file under packages.local, or an archive under repositories',
    exitCode: ExitCode.usage,
    details: { packages: [name] },
  });
}

function packagesUnknown(
  unknown: readonly string[],
  names: readonly string[],
  wishes: PackageWishes,
): MicroLinuxError {
  const places = unknown.map((name) => placeOf(name, wishes));
  const advice = unknown.map((name, index) => {
    const near = nearestFew(name, names);
    const meant = near.length === 0 ? '' : `: did you mean ${near.join(', ')}?`;
    return `correct ${name} under ${places[index]?.key}${meant}`;
  });
  const [only] = places;
  const isOne = places.length === 1 && only?.where !== undefined;
  return new MicroLinuxError({
    code: 'package-unknown',
    message: `${isOne ? `${only.where}: ` : ''}the archive has no package named ${unknown.join(', ')}`,
    ...(isOne ? {} : { why: listPlaces(unknown, places) }),
    hint: advice.join('\n'),
    exitCode: ExitCode.usage,
    details: { packages: unknown, where: places.map(({ where }) => where ?? '') },
  });
}

/** The key that names a package, and where it does. */
interface Place {
  readonly key: string;
  readonly where: string | undefined;
}

function placeOf(name: string, { unwanted, whereIs }: PackageWishes): Place {
  if (unwanted.includes(name)) {
    return { key: 'packages.remove', where: whereIs(['packages', 'remove'], name) };
  }
  const added = whereIs(['packages', 'add'], name);
  return added === undefined
    ? { key: 'packages.add or kernel.package', where: whereIs(['kernel', 'package']) }
    : { key: 'packages.add', where: added };
}

/** `micro-linux.yaml:3:7: packages.add: nftabels` for each; undefined if no place is known. */
function listPlaces(names: readonly string[], places: readonly Place[]): string | undefined {
  const lines = places.flatMap(({ key, where }, index) =>
    where === undefined ? [] : [`${where}: ${key}: ${names[index]}`],
  );
  return lines.length === 0 ? undefined : lines.join('\n');
}

function cannotBeLeftOut(
  names: readonly string[],
  why: string,
  { whereIs }: PackageWishes,
): MicroLinuxError {
  const where = names.map((name) => whereIs(['packages', 'remove'], name) ?? '');
  const [first = ''] = where;
  return new MicroLinuxError({
    code: 'package-needed',
    message: `${first === '' ? '' : `${first}: `}packages.remove: ${names.join(', ')} cannot be left out`,
    why,
    hint: `remove ${names.join(', ')} from packages.remove in micro-linux.yaml`,
    exitCode: ExitCode.usage,
    details: { packages: names, where },
  });
}

/** The names that apt reports as unknown, each once. */
export function unknownPackages(lines: readonly string[]): readonly string[] {
  const names = lines.flatMap((line) => {
    const match =
      /^E: Unable to locate package (\S+)/.exec(line) ??
      /^E: Couldn't find any package by (?:glob|regex) '([^']+)'/.exec(line) ??
      /^E: Package '([^']+)' has no installation candidate/.exec(line) ??
      // Of name=version and name/suite.
      /^E: (?:Version|Release) '[^']+' for '([^']+)' was not found/.exec(line);
    return match?.[1] === undefined ? [] : [match[1]];
  });
  return [...new Set(names)];
}

/** ` a : Depends: b but it is not going to be installed`and the lines that follow it. */
export function unmetDependencies(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => line.includes('unmet dependencies:'));
  return start === -1
    ? []
    : lines
        .slice(start + 1)
        .filter((line) => line.startsWith(' '))
        .map((line) => line.trim().replace(/\s+/g, ' '));
}

function mentions(line: string, name: string): boolean {
  return line.split(/[\s,|()]+/).includes(name);
}
