import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { readStateFile, stageStateFile } from './state-file.ts';

/**
 * The highest rollback index that was healthy on this device; 0 when none was.
 *
 * @throws MicroLinuxError `state-unreadable`; `state-damaged` when the file is invalid: reading it
 *   as 0 would allow an old, vulnerable image.
 */
export function readRollbackIndex(directory: string): number {
  const path = indexPath(directory);
  const text = readStateFile(path);
  if (text === undefined) {
    return 0;
  }
  const index = parse(text);
  if (index === undefined) {
    throw new MicroLinuxError({
      code: 'state-damaged',
      message: `${path} does not contain a rollback index`,
      why: 'it must be one whole number, and the disk must be able to read it: images with a lower one are refused',
      hint: 'ota-agent mark-boot writes the running image’s own index into it',
    });
  }
  return index;
}

/**
 * Never lowers it; a damaged file is rewritten. Returns whether it was raised.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`.
 */
export function raiseRollbackIndex(directory: string, index: number): boolean {
  const raise = stageRollbackIndex(directory, index);
  raise?.();
  return raise !== undefined;
}

/**
 * The first half of {@link raiseRollbackIndex}: the higher index is on the disk, but not active
 * yet. The returned function activates it; undefined if there is nothing to raise.
 *
 * @throws MicroLinuxError `state-unreadable`, `state-unwritable`; the second half only the latter.
 */
export function stageRollbackIndex(directory: string, index: number): (() => void) | undefined {
  const path = indexPath(directory);
  const known = parse(readStateFile(path) ?? '');
  return known !== undefined && known >= index ? undefined : stageStateFile(path, `${index}\n`);
}

/** docs/reference/update-format.md. */
const HIGHEST = 2 ** 31 - 1;

function parse(text: string): number | undefined {
  const index = /^\d{1,10}\n?$/.test(text) ? Number(text) : undefined;
  // No update has a higher index; a higher one would lock out all updates.
  return index !== undefined && index <= HIGHEST ? index : undefined;
}

const indexPath = (directory: string) => join(directory, 'rollback-index');
