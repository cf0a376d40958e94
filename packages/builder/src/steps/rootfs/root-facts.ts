import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepContext } from '../../plan/step.ts';

/** Small files of the root file system that later steps read. */
export const FACT_FILES = [
  'etc/passwd',
  'etc/group',
  'etc/shadow',
  'etc/gshadow',
  'var/lib/dpkg/status',
  'boot',
];

/** Where the step that makes a root puts them. */
export function factsIn(directory: string): string {
  return join(directory, 'facts');
}

/** Copies {@link FACT_FILES} out of the tar of a root into the new directory `facts`. */
export async function extractFacts(
  tar: string,
  facts: string,
  { run, signal, logFile }: Pick<StepContext, 'run' | 'signal' | 'logFile'>,
): Promise<void> {
  await mkdir(facts);
  await run(
    'tar',
    ['-xf', tar, '-C', facts, '--no-same-owner', '--no-same-permissions'].concat(
      FACT_FILES.map((file) => `./${file}`),
    ),
    { signal, logFile },
  );
}
