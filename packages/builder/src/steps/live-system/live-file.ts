import { join } from 'node:path';

/** A file of ours for Ubuntu's live system, in the sources. */
export function liveFile(name: 'install' | 'curtin-hooks'): string {
  return join(import.meta.dirname, name);
}
