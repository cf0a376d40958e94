import { constants } from 'node:fs';
import { errnoOf } from '@micro-linux/core';
import { type FileOps, nodeFileOps } from 'grubenv';
import { pageBuffer } from '../raw-device/page-buffer.ts';
import { PAGE_BYTES } from '../raw-device/raw-device.ts';

/**
 * Reads small files from the disk itself. After a write the page cache returns what was written,
 * whatever is on the disk, so a check that reads from it cannot fail. A file system without direct I/O
 * (memory) is read as usual.
 */
export const uncachedFileOps: FileOps = {
  ...nodeFileOps,
  open(path, flags) {
    try {
      return nodeFileOps.open(path, flags | constants.O_DIRECT);
    } catch (error) {
      if (errnoOf(error) === 'EINVAL') {
        return nodeFileOps.open(path, flags);
      }
      throw error;
    }
  },
  read(fd, into, position) {
    const page = pageBuffer(PAGE_BYTES);
    const count = Math.min(nodeFileOps.read(fd, page, position), into.length);
    into.set(page.subarray(0, count));
    return count;
  },
};
