import { MicroLinuxError } from '@micro-linux/core';
import type { Toolbox } from './toolbox.ts';

/**
 * The sources.list that mmdebstrap writes for a Debian suite, pockets included, so that this
 * repository needs no name of an archive host. Nothing is downloaded and no package installed.
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
    // A directory that every user can enter: mmdebstrap runs as another one.
    { cwd: '/', signal: toolbox.signal },
  );
  // mmdebstrap writes the tar to standard output, so a hook must print to standard error.
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
