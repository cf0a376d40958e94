import { run } from '@micro-linux/core';

/** What debugfs always writes to standard error: its name and version. */
const BANNER = /^debugfs \d[^\n]*\n/;

/**
 * Asks debugfs(8) about an ext4 image. It exits with 0 and prints nothing when the image or the file is
 * missing; here that is an error, so that nobody takes it for an empty file.
 *
 * @param request one command of debugfs, e.g. `cat /etc/machine-id`.
 * @returns what it printed to standard output.
 * @throws Error with its complaint.
 */
export async function debugfs(image: string, request: string): Promise<string> {
  const { stdout, stderr } = await run('debugfs', ['-R', request, image]);
  return checked(stderr, `${request} in ${image}`, stdout);
}

/**
 * Changes an ext4 image by commands of debugfs(8).
 *
 * @throws Error with its complaints, if it could not do one of them.
 */
export async function editByDebugfs(image: string, commands: readonly string[]): Promise<void> {
  const { stderr } = await run('debugfs', ['-w', '-f', '-', image], {
    input: `${commands.join('\n')}\n`,
  });
  checked(stderr, `${commands.join('; ')} in ${image}`, '');
}

function checked(stderr: string, what: string, result: string): string {
  const complaint = stderr.replace(BANNER, '').trim();
  if (complaint !== '') {
    throw new Error(`debugfs failed: ${what}: ${complaint}`);
  }
  return result;
}
