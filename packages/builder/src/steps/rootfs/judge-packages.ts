import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { nearestFew } from '../../config/suggest.ts';
import type { AptAnswer } from './ask-apt.ts';

/** Number of unmet dependencies that are shown. */
const SHOWN = 6;

/**
 * What is wrong with the packages of a config, according to apt; undefined: nothing.
 *
 * @param unwanted `packages.remove`.
 */
export function judgePackages(
  answer: AptAnswer,
  unwanted: readonly string[],
): MicroLinuxError | undefined {
  const unknown = unknownPackages(answer.lines);
  if (unknown.length > 0) {
    return packagesUnknown(unknown, answer.names, unwanted);
  }
  if (answer.essential.length > 0) {
    return cannotBeLeftOut(
      answer.essential,
      'every system of this distribution has them: dpkg refuses to remove them',
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
  return guilty.length > 0
    ? cannotBeLeftOut(guilty, why)
    : new MicroLinuxError({
        code: 'packages-unresolvable',
        message: 'the packages cannot be installed together',
        why,
        hint: 'change packages.add, packages.remove or kernel.package in micro-linux.yaml',
        exitCode: ExitCode.usage,
      });
}

function packagesUnknown(
  unknown: readonly string[],
  names: readonly string[],
  unwanted: readonly string[],
): MicroLinuxError {
  const advice = unknown.map((name) => {
    const key = unwanted.includes(name) ? 'packages.remove' : 'packages.add or kernel.package';
    const near = nearestFew(name, names);
    const meant = near.length === 0 ? '' : `: did you mean ${near.join(', ')}?`;
    return `correct ${name} under ${key}${meant}`;
  });
  return new MicroLinuxError({
    code: 'package-unknown',
    message: `the archive has no package named ${unknown.join(', ')}`,
    hint: advice.join('\n'),
    exitCode: ExitCode.usage,
    details: { packages: unknown },
  });
}

function cannotBeLeftOut(names: readonly string[], why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'package-needed',
    message: `packages.remove: ${names.join(', ')} cannot be left out`,
    why,
    hint: `remove ${names.join(', ')} from packages.remove in micro-linux.yaml`,
    exitCode: ExitCode.usage,
    details: { packages: names },
  });
}

/** The names that apt reports as unknown, each once. */
export function unknownPackages(lines: readonly string[]): readonly string[] {
  const names = lines.flatMap((line) => {
    const match =
      /^E: Unable to locate package (\S+)/.exec(line) ??
      /^E: Couldn't find any package by (?:glob|regex) '([^']+)'/.exec(line) ??
      /^E: Package '([^']+)' has no installation candidate/.exec(line);
    return match?.[1] === undefined ? [] : [match[1]];
  });
  return [...new Set(names)];
}

/** ` a : Depends: b but it is not going to be installed`and the lines that follow it. */
function unmetDependencies(lines: readonly string[]): readonly string[] {
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
