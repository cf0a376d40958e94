import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The first four bytes of an update: the magic number of its manifest frame, 0x184D2A50. */
const MAGIC = Buffer.from([0x50, 0x2a, 0x4d, 0x18]);

/** Whether a file begins like an update; false if it cannot be read. */
export async function isUpdate(path: string): Promise<boolean> {
  try {
    // Opening a named pipe must not block until there is a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const start = Buffer.alloc(MAGIC.length);
      await file.read(start, 0, start.length, 0);
      return start.equals(MAGIC);
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}
