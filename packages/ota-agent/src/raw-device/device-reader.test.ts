import { constants, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { openDeviceReader } from './device-reader.ts';

/** Flags of every descriptor that this process has for a file, from the kernel. */
function flagsOf(path: string): readonly number[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const info = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
      const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? '', 8);
      return readlinkSync(`/proc/self/fd/${fd}`) === path ? [flags] : [];
    } catch {
      // It has been closed.
      return [];
    }
  });
}

it('a slot is read from its disk, not from the page cache', async ({ skip }) => {
  const path = join(temporaryDirectory(), 'slot');
  writeFileSync(path, Buffer.alloc(4096));
  const direct = await open(path, constants.O_RDONLY | constants.O_DIRECT).catch(() => undefined);
  skip(direct === undefined, 'the file system of temporary files knows no direct I/O');
  await direct?.close();
  const reader = await openDeviceReader(path, async () => ({
    stdout: '',
    stderr: '',
    exitCode: 0,
  }));
  onTestFinished(() => reader.close());
  expect(flagsOf(path).map((flags) => flags & constants.O_DIRECT)).toEqual([constants.O_DIRECT]);
});
