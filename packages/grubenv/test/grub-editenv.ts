import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One run of `grub-editenv FILE set …` or `unset …`. Names and values are byte strings. */
export type Operation =
  | { readonly set: readonly (readonly [string, string])[] }
  | { readonly unset: readonly string[] };

/** What became of a block: its bytes, the exit code of each operation, and what `list` prints. */
export interface Outcome {
  readonly bytes: Buffer;
  readonly exitCodes: readonly number[];
  readonly listing: Buffer;
}

/** Why real grub-editenv cannot be asked, or undefined where it can. */
export function grubEditenvMissing(): string | undefined {
  const { error, stdout } = spawnSync('grub-editenv', ['--version'], { encoding: 'utf8' });
  return error === undefined && stdout.includes('GRUB')
    ? undefined
    : 'grub-editenv is not installed (Debian and Ubuntu: apt install grub-common)';
}

/** A block and what to do with it. */
export interface Case {
  readonly before: Buffer;
  readonly operations: readonly Operation[];
}

/** Runs the cases with real grub-editenv, all in one shell: starting programs is what costs. */
export function runGrubEditenv(directory: string, cases: readonly Case[]): readonly Outcome[] {
  const script = cases.map(({ before, operations }, i) => {
    writeFileSync(join(directory, `env${i}`), before);
    return caseScript(`env${i}`, operations);
  });
  const { status, stderr } = spawnSync('sh', ['-s'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    input: Buffer.from(script.join(''), 'latin1'),
  });
  if (status !== 0) {
    throw new Error(`sh exited with ${status}: ${stderr.toString('latin1')}`);
  }
  return cases.map((_case, i) => ({
    bytes: readFileSync(join(directory, `env${i}`)),
    exitCodes: readFileSync(join(directory, `env${i}.codes`), 'utf8')
      .trim()
      .split(' ')
      .map(Number),
    listing: readFileSync(join(directory, `env${i}.list`)),
  }));
}

function caseScript(file: string, operations: readonly Operation[]): string {
  // The "--" is for names with a leading dash. Errors are seen by their exit codes.
  const lines = operations.map(
    (operation) => `grub-editenv -- ${file} ${words(operation)} 2>&-; codes="$codes $?"`,
  );
  return [
    'codes=',
    ...lines,
    `echo $codes >${file}.codes`,
    `grub-editenv ${file} list >${file}.list`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function words(operation: Operation): string {
  return 'set' in operation
    ? `set ${operation.set.map(([name, value]) => quote(`${name}=${value}`)).join(' ')}`
    : `unset ${operation.unset.map(quote).join(' ')}`;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
