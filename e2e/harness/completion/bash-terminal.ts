import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';

/** The loader of completions that most distributions install. */
export const BASH_COMPLETION = '/usr/share/bash-completion/bash_completion';

/**
 * Types lines into bash on a terminal. `micro-linux` in the folder, which is on PATH, is a stand-in
 * that prints `RAN<ARGUMENT>…`.
 *
 * @param keys with tabs where a person would press Tab.
 * @returns the arguments of each command that ran.
 */
export async function typeIntoBash(request: {
  readonly script: string;
  readonly keys: readonly string[];
  readonly cwd: string;
  readonly scratch: string;
  /** Whether bash-completion finds the script when it needs it; by default, bash reads it itself. */
  readonly isLoadedLate: boolean;
}): Promise<readonly string[]> {
  const { script, keys, cwd, isLoadedLate } = request;
  const data = join(request.scratch, `data-${isLoadedLate}`);
  const completions = join(data, 'bash-completion/completions');
  await mkdir(completions, { recursive: true });
  const completion = join(completions, 'micro-linux');
  await writeFile(completion, `${script}\n`);
  await writeFile(join(cwd, 'micro-linux'), '#!/bin/sh\nprintf RAN\nprintf \'<%s>\' "$@"\necho\n');
  await chmod(join(cwd, 'micro-linux'), 0o755);
  const start = join(data, 'bashrc');
  const source = isLoadedLate ? BASH_COMPLETION : completion;
  await writeFile(start, `PS1=\nPATH=$PWD:$PATH\nbind 'set bell-style none'\nsource ${source}\n`);
  const { stdout } = await run('script', ['-qec', `bash --rcfile ${start} -i`, '/dev/null'], {
    cwd,
    input: `${[...keys, 'exit'].join('\n')}\n`,
    env: { XDG_DATA_HOME: data, TERM: 'dumb', INPUTRC: '/dev/null' },
  });
  return [...stdout.matchAll(/^RAN(.*?)\r?$/gm)].map(([, args = '']) => args);
}
