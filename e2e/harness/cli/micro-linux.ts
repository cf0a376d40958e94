import { join } from 'node:path';
import { type RunResult, run } from '@micro-linux/core';
import { outputProblem } from 'micro-linux/cli/json/outputs';

/** The checkout under test. */
export const ROOT = join(import.meta.dirname, '../../..');

/** All statuses: a story looks at the one it gets. */
const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);

export interface CliOptions {
  /** The checkout by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Runs `./micro-linux` as a user would; any exit status is an answer. */
export async function microLinux(
  args: readonly string[],
  options: CliOptions = {},
): Promise<RunResult> {
  return run(join(ROOT, 'micro-linux'), args, { cwd: ROOT, okExitCodes: ANY_STATUS, ...options });
}

/** As {@link microLinux} with `--json`: the result object; fails the story when the command did. */
export async function microLinuxJson(
  args: readonly string[],
  options: CliOptions = {},
): Promise<Record<string, unknown>> {
  const { stdout, stderr, exitCode } = await microLinux([...args, '--json'], options);
  if (exitCode !== 0) {
    throw new Error(`micro-linux ${args.join(' ')} ended with ${exitCode}\n${stdout}\n${stderr}`);
  }
  const output = JSON.parse(stdout) as Record<string, unknown>;
  const problem = outputProblem(args[0] ?? '', output, exitCode);
  if (problem !== undefined) {
    throw new Error(
      `micro-linux ${args.join(' ')} prints JSON not as docs/reference/json.md has it: ${problem}`,
    );
  }
  return output;
}
