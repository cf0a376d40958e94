import { formatKeyPath, type KeyPath } from '@micro-linux/provision';
import type { Origins } from '../../config/origin.ts';
import { RULES, type RuleId, type Severity } from './rules.ts';

/** What a rule reports about a place in a seed. Never contains a secret. */
export interface Remark {
  readonly rule: RuleId;
  /** From the top of the file. */
  readonly path: KeyPath;
  /** Whether it is about the key itself or the first line; by default, about the value. */
  readonly at?: 'key' | 'top';
  /** What is wrong: continues the path, no full stop. */
  readonly problem: string;
  /** What to write instead, beginning with a verb. */
  readonly fix: string;
}

/** A remark with its place. */
export interface SeedFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** `autoinstall.storage.config[2].size`; empty for the file as a whole. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly fix: string;
}

/** Finds the lines of remarks. */
export function locate(remarks: readonly Remark[], origins: Origins): SeedFinding[] {
  return remarks.map(({ rule, path, at, problem, fix }) => {
    const origin = at === 'key' ? origins.ofKey(path) : origins.of(path);
    const [line, column] =
      origin.kind === 'file' && at !== 'top' ? [origin.line, origin.column] : [1, 1];
    return finding(rule, { path: formatKeyPath(path), line, column, problem, fix });
  });
}

/** A finding of a rule. */
export function finding(rule: RuleId, about: Omit<SeedFinding, 'rule' | 'severity'>): SeedFinding {
  return { rule, severity: RULES[rule].severity, ...about };
}

/** Errors first, each kind by line, without duplicates. */
export function sortFindings(findings: readonly SeedFinding[]): SeedFinding[] {
  const rank = ({ severity, line, column }: SeedFinding) =>
    (severity === 'error' ? 0 : 1e12) + line * 1e6 + column;
  const seen = new Set<string>();
  return [...findings]
    .sort((one, other) => rank(one) - rank(other))
    .filter((one) => {
      const key = JSON.stringify([one.rule, one.path, one.line, one.problem]);
      return !seen.has(key) && seen.add(key);
    });
}
