import { join } from 'node:path';

/** Path in the sources of one of our files for Ubuntu's live system. */
export function liveFile(name: 'install' | 'curtin-hooks'): string {
  return join(import.meta.dirname, name);
}
