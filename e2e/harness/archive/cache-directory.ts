import { homedir } from 'node:os';
import { join } from 'node:path';

/** Cache of downloads for the stand-in archive, kept between runs (XDG base directories). */
export function standInCacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'micro-linux', 'e2e', 'stand-in-archive');
}
