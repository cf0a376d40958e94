import { basename } from 'node:path';
import { type Group, groupIn, isGroup, type KeyPath, type PyValue } from '@micro-linux/provision';
import type { Origins } from '../../config/origin.ts';
import { finding, locate, type SeedFinding } from '../check/finding.ts';
import { readSeedDocument } from './seed-document.ts';

/**
 * What a file is for: `user-data` goes to cloud-init, which hands `autoinstall` on;
 * `autoinstall` is read by Subiquity itself and may leave that key out.
 */
export type SeedForm = 'user-data' | 'autoinstall';

/** A seed as plain values, with the place of each. */
export interface Seed {
  readonly form: SeedForm;
  readonly text: string;
  /** The whole file. */
  readonly document: Group;
  /** The same with the types that Python tells apart. */
  readonly exact: PyValue;
  /** Where the keys of autoinstall are: below `autoinstall`, or at the top. */
  readonly base: KeyPath;
  /** The keys of autoinstall; empty if there are none. */
  readonly autoinstall: Group;
  readonly origins: Origins;
}

export interface ParsedSeed {
  /** Undefined if the file cannot be read at all. */
  readonly seed: Seed | undefined;
  readonly findings: readonly SeedFinding[];
}

/** A first line that was meant to be `#cloud-config`. */
const NEARLY_CLOUD_CONFIG = /^\ufeff?\s*#+\s*cloud[-_ ]?config\s*$/im;

/**
 * Reads a seed by the rules of PyYAML. A file is user-data if it is named
 * `user-data` or begins as cloud-config.
 *
 * @param file its name: decides its form, and appears in findings.
 */
export function parseSeed(text: string, file: string): ParsedSeed {
  const yaml = readSeedDocument(text, file);
  if (yaml.syntax) {
    const { line, col, problem } = yaml.syntax;
    const fix =
      'put text with special characters (: # * & ! @ %) in quotes; indent with spaces, the same under one key';
    return {
      seed: undefined,
      findings: [finding('syntax', { path: '', line, column: col, problem, fix })],
    };
  }
  if (!isGroup(yaml.value)) {
    return {
      seed: undefined,
      findings: locate(
        [
          {
            rule: 'syntax',
            path: [],
            problem: 'the file must contain keys, such as `version: 1`',
            fix: 'write `autoinstall:` and the keys below it, indented',
          },
        ],
        yaml.origins,
      ),
    };
  }
  const document = yaml.value;
  const isUserData = basename(file) === 'user-data' || NEARLY_CLOUD_CONFIG.test(head(text));
  const isWrapped = Object.hasOwn(document, 'autoinstall');
  return {
    seed: {
      form: isUserData ? 'user-data' : 'autoinstall',
      text,
      document,
      exact: yaml.exact,
      base: isUserData || isWrapped ? ['autoinstall'] : [],
      autoinstall: isUserData || isWrapped ? groupIn(document, 'autoinstall') : document,
      origins: yaml.origins,
    },
    findings: locate(
      yaml.findings.map(({ path, problem, fix }) => ({
        rule: 'duplicate-key',
        path,
        at: 'key',
        problem,
        fix,
      })),
      yaml.origins,
    ),
  };
}

/** The lines before the first key. */
function head(text: string): string {
  const key = text.search(/^[^\s#]/m);
  return key === -1 ? text : text.slice(0, key);
}
