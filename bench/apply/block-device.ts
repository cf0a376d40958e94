import { run } from '@micro-linux/core';

/** The target of a benchmark. */
export interface Target {
  readonly path: string;
  /** Its name, for the head of the table. */
  readonly title: string;
  release(): Promise<unknown>;
}

/**
 * A slot is a block device, and those are not written as files are: so a loop device stands for it,
 * without a cache of its own, over a file on the disk. Root alone may make one; else it is the file.
 */
export async function blockDevice(file: string): Promise<Target> {
  try {
    const { stdout } = await run('losetup', ['--find', '--show', '--direct-io=on', file]);
    const path = stdout.trim();
    return {
      path,
      title: 'a block device (loop, direct I/O)',
      release: () => run('losetup', ['--detach', path]),
    };
  } catch (error) {
    process.stderr.write(`no loop device, so a file is written: ${String(error)}\n`);
    return plainFile(file);
  }
}

/** The file itself. */
export function plainFile(file: string): Target {
  return { path: file, title: 'a file', release: async () => undefined };
}
