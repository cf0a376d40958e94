import type { Readable } from 'node:stream';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { fileSource, streamSource, type UpdateSource } from '@micro-linux/update-image';

/**
 * Opens what the user named: a file, a block device, or `-` for standard input.
 *
 * @param stdin returns standard input; called only if it is needed.
 * @throws MicroLinuxError `source-unsupported` for a URL, and what `fileSource` throws.
 */
export async function openSource(name: string, stdin: () => Readable): Promise<UpdateSource> {
  if (name === '-') {
    return streamSource(stdin(), 'standard input', { release: true });
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(name) ?? [];
  if (scheme !== undefined) {
    throw new MicroLinuxError({
      code: 'source-unsupported',
      message: `ota-agent cannot fetch ${scheme} URLs yet`,
      hint: `curl --fail ${name} | ota-agent apply -`,
      exitCode: ExitCode.usage,
    });
  }
  return fileSource(name);
}
