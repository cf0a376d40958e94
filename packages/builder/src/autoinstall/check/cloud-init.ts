import { type MicroLinuxError, type Runner, toMicroLinuxError } from '@micro-linux/core';
import { finding, type SeedFinding } from './finding.ts';

/** It reads one file; a minute is for a machine that has nothing in its cache. */
const TIMEOUT_MS = 60_000;

/** What cloud-init's own check came to. */
export interface CloudInitResult {
  /** `absent`: not installed; `broken`: it failed for reasons of its own. Both checked nothing. */
  readonly state: 'checked' | 'absent' | 'broken';
  readonly findings: readonly SeedFinding[];
}

/** Lets `cloud-init schema` look at a user-data file, where it is installed. */
export async function checkByCloudInit(
  file: string,
  run: Runner,
  signal: AbortSignal,
): Promise<CloudInitResult> {
  try {
    await run('cloud-init', ['schema', '--config-file', file], {
      signal,
      timeoutMs: TIMEOUT_MS,
      // Its messages are taken apart.
      env: { LC_ALL: 'C.UTF-8' },
    });
    return { state: 'checked', findings: [] };
  } catch (thrown) {
    const error = toMicroLinuxError(thrown);
    if (error.code === 'tool-missing') {
      return { state: 'absent', findings: [] };
    }
    if (error.code !== 'tool-failed') {
      throw error;
    }
    const findings = readComplaints(output(error));
    return { state: findings.length === 0 ? 'broken' : 'checked', findings };
  }
}

/** What to tell of a check that did not take place; undefined if it did. */
export function explainCloudInit({ state }: CloudInitResult): string | undefined {
  switch (state) {
    case 'checked':
      return undefined;
    case 'absent':
      return 'cloud-init is not installed: its own check was left out';
    case 'broken':
      return 'cloud-init does not work on this host: its own check was left out';
  }
}

/**
 * The findings in what `cloud-init schema` prints when it refuses a file: after `Cloud config schema
 * errors:` come `path: message` with commas between. Empty if it printed nothing of the kind.
 */
export function readComplaints(output: string): readonly SeedFinding[] {
  const [, text = ''] = /schema errors: ?([\s\S]*?)(?:\n\s*\nError:|$)/.exec(output) ?? [];
  return text
    .split(/,\s+(?=[\w-]+(?:\.[\w-]+)*: )/)
    .map((complaint) => /^\s*([\w-]+(?:\.[\w-]+)*): ([\s\S]*)$/.exec(complaint))
    .flatMap((match) => (match ? [complaint(match[1] ?? '', match[2] ?? '')] : []));
}

function complaint(path: string, message: string): SeedFinding {
  const [, line, column] = /^format-l(\d+)\.c(\d+)$/.exec(path) ?? [];
  return finding('cloud-init', {
    path: line === undefined ? path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]') : '',
    line: Number(line ?? 1),
    column: Number(column ?? 1),
    problem: `cloud-init says: ${withoutValue(message)}`,
    fix: 'mend it as the message says; docs.cloud-init.io tells what each key takes',
  });
}

/** A message begins with the value it is about, which may be a secret: only the rest is kept. */
function withoutValue(message: string): string {
  const [line = ''] = message.trim().split('\n', 1);
  if (/^(?:Additional properties|'[\w-]+' is a required property|File |Unrecognized )/.test(line)) {
    return line.replace(/ (?:in )?\/\S+/, '');
  }
  const [rest] =
    /\b(?:is not of type|is not one of|is not valid|does not match|is too \w+|was expected).*/.exec(
      line,
    ) ?? [];
  return `the value ${rest ?? 'does not pass its schema'}`;
}

function output(error: MicroLinuxError): string {
  return error.cause instanceof Error ? error.cause.message : '';
}
