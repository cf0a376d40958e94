import { MicroLinuxError } from '@micro-linux/core';
import type { Toolbox } from './toolbox.ts';

/**
 * The sources.list that mmdebstrap writes for a Debian suite, pockets included: so that no name of
 * an archive host stands in this repository. Nothing is downloaded and no package installed.
 */
export async function debianSources(toolbox: Toolbox, suite: string): Promise<string> {
  const { stderr } = await toolbox.run(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=custom',
      '--skip=update,cleanup',
      '--format=null',
      '--setup-hook=cat "$1/etc/apt/sources.list"',
      suite,
      '/dev/null',
    ],
    // A directory that every user may enter: mmdebstrap works as another one.
    { cwd: '/', signal: toolbox.signal },
  );
  // mmdebstrap keeps standard output for the tar: what a hook prints goes to standard error.
  const lines = stderr.split('\n').filter((line) => /^deb\s/.test(line));
  if (lines.length === 0) {
    throw new MicroLinuxError({
      code: 'stand-in-sources',
      message: `mmdebstrap did not tell its sources for ${suite}`,
      why: stderr,
    });
  }
  return `${lines.join('\n')}\n`;
}
