import { type MicroLinuxError, type Runner, toMicroLinuxError } from '@micro-linux/core';
import type { KeyPath } from '@micro-linux/provision';
import type { Origins } from '../../config/origin.ts';
import { finding, locate, type SeedFinding } from './finding.ts';

/** It reads one file; a minute is enough for a machine with a cold cache. */
const TIMEOUT_MS = 60_000;

/** One error that cloud-init reports. */
export interface Complaint {
  readonly path: KeyPath;
  readonly problem: string;
  /** The line, if it reports one; otherwise there is only the path. */
  readonly place: { readonly line: number; readonly column: number } | undefined;
}

/** The result of cloud-init's own check. */
export interface CloudInitResult {
  /** `absent`: not installed; `broken`: an internal failure. Both checked nothing. */
  readonly state: 'checked' | 'absent' | 'broken';
  readonly complaints: readonly Complaint[];
}

/** Runs `cloud-init schema` on a user-data file, if it is installed. */
export async function checkByCloudInit(
  file: string,
  run: Runner,
  signal: AbortSignal,
): Promise<CloudInitResult> {
  try {
    await run('cloud-init', schemaArguments(file), {
      signal,
      timeoutMs: TIMEOUT_MS,
      // Its messages are parsed.
      env: { LC_ALL: 'C.UTF-8' },
    });
    return { state: 'checked', complaints: [] };
  } catch (thrown) {
    const error = toMicroLinuxError(thrown);
    if (error.code === 'tool-missing') {
      return { state: 'absent', complaints: [] };
    }
    if (error.code !== 'tool-failed') {
      throw error;
    }
    const complaints = readComplaints(output(error));
    return { state: complaints.length === 0 ? 'broken' : 'checked', complaints };
  }
}

/** The arguments that let cloud-init check a user-data file. */
export function schemaArguments(file: string): readonly string[] {
  return ['schema', '--config-file', file];
}

/** What to say about a check that did not run; undefined if it did. */
export function explainCloudInit({ state }: CloudInitResult): string | undefined {
  switch (state) {
    case 'checked':
      return undefined;
    case 'absent':
      return 'cloud-init is not installed: its own check was skipped';
    case 'broken':
      return 'cloud-init does not work on this host: its own check was skipped';
  }
}

/** The errors as findings, with the lines that the seed's own parser found. */
export function complaintFindings(
  { complaints }: CloudInitResult,
  origins: Origins,
): readonly SeedFinding[] {
  const fix = 'fix it as the message says';
  return complaints.flatMap(({ path, problem, place }) =>
    place === undefined
      ? locate([{ rule: 'cloud-init', path, problem, fix }], origins)
      : [finding('cloud-init', { path: '', ...place, problem, fix })],
  );
}

/**
 * Reads what `cloud-init schema` prints when it refuses a file: after `Cloud config schema errors:`
 * come `path: message`, separated by commas. Empty if there is no such output.
 */
export function readComplaints(output: string): readonly Complaint[] {
  const [, text = ''] = /schema errors: ?([\s\S]*?)(?:\n\s*\nError:|$)/.exec(output) ?? [];
  return text
    .split(/,\s+(?=[\w-]+(?:\.[\w-]+)*: )/)
    .map((complaint) => /^\s*([\w-]+(?:\.[\w-]+)*): ([\s\S]*)$/.exec(complaint))
    .flatMap((match) => (match ? [complaint(match[1] ?? '', match[2] ?? '')] : []));
}

function complaint(path: string, message: string): Complaint {
  const [, line, column] = /^format-l(\d+)\.c(\d+)$/.exec(path) ?? [];
  const problem = `cloud-init says: ${withoutValue(message)}`;
  return line === undefined
    ? {
        path: path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        problem,
        place: undefined,
      }
    : { path: [], problem, place: { line: Number(line), column: Number(column) } };
}

/** A message begins with the value it is about, which may be a secret: only the rest is kept. */
function withoutValue(message: string): string {
  const [line = ''] = message.trim().split('\n', 1);
  if (/^(?:Additional properties|'[\w-]+' is a required property|File |Unrecognized )/.test(line)) {
    // Names of temporary files, and the first line of the text.
    return line.replace(/ (?:in )?\/[^\s:]+(?:: ".*)?/, '');
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
