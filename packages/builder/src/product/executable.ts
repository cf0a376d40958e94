import { Problem } from '@micro-linux/provision';

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** Bytes at the beginning of a file that show whether the kernel can start it (BINPRM_BUF_SIZE). */
export const START_BYTES = 256;

/** Refuses what the kernel cannot run: it needs `#!` with an absolute path, or ELF. */
export function checkExecutable(content: Buffer): Problem | undefined {
  if (content.subarray(0, ELF.length).equals(ELF)) {
    return undefined;
  }
  const [first = ''] = content.subarray(0, START_BYTES).toString('latin1').split('\n', 1);
  if (!/^#! *\/\S/.test(first)) {
    return new Problem(
      'is neither a script with #! nor a program, so it cannot run',
      'make its first line #!/bin/sh -e',
    );
  }
  return first.endsWith('\r')
    ? new Problem(
        'ends its lines as Windows does, so the kernel does not find its interpreter',
        `sed -i 's/\\r$//' on the file`,
      )
    : undefined;
}
