import { type Detail, ExitCode, MicroLinuxError } from '@micro-linux/core';
import { formatKeyPath, type KeyPath } from '@micro-linux/provision';
import { formatOrigin, type Origin } from './origin.ts';

/** One thing that is wrong with the configuration. */
export interface Finding {
  readonly path: KeyPath;
  readonly origin: Origin;
  /** What is wrong: continues the key's path, no full stop, no secret. */
  readonly problem: string;
  /** What to write instead. */
  readonly fix: string;
  /** The error's code if this is the only finding; `config-invalid` by default. */
  readonly code?: string | undefined;
}

const HINT = 'fix these and run it again; docs/reference/config.md explains every key';

/**
 * All findings as one error, exit code 2: those in the file by line, then environment and flags.
 * A single finding becomes the message itself.
 */
export function configInvalid(findings: readonly Finding[]): MicroLinuxError {
  const sorted = [...findings].sort(
    (one, other) => byFile(one.origin, other.origin) || rank(one.origin) - rank(other.origin),
  );
  const [first] = sorted;
  if (first && sorted.length === 1) {
    return new MicroLinuxError({
      code: first.code ?? 'config-invalid',
      message: headline(first),
      hint: first.fix,
      exitCode: ExitCode.usage,
      details: { findings: [first].map(findingDetail) },
    });
  }
  return new MicroLinuxError({
    code: 'config-invalid',
    message: `the configuration has ${sorted.length} problems`,
    why: sorted.map((finding) => `${headline(finding)}\n  ${finding.fix}`).join('\n'),
    hint: HINT,
    exitCode: ExitCode.usage,
    details: { findings: sorted.map(findingDetail) },
  });
}

/** A finding as `--json` gives it; docs/reference/json.md has its fields. */
function findingDetail({ path, origin, problem, fix, code }: Finding): Detail {
  return {
    key: formatKeyPath(path),
    where: formatOrigin(origin),
    problem,
    fix,
    code: code ?? 'config-invalid',
  };
}

function headline({ path, origin, problem }: Finding): string {
  return [formatOrigin(origin), formatKeyPath(path), problem]
    .filter((part) => part !== '')
    .join(': ');
}

/** Positions in different files have no order, so the files are sorted by name. */
function byFile(one: Origin, other: Origin): number {
  if (one.kind !== 'file' || other.kind !== 'file' || one.file === other.file) {
    return 0;
  }
  return one.file < other.file ? -1 : 1;
}

function rank(origin: Origin): number {
  switch (origin.kind) {
    case 'file':
      return origin.line + origin.column / 1e6;
    case 'environment':
      return 1e9;
    case 'flag':
      return 2e9;
    case 'default':
      return 3e9;
  }
}
