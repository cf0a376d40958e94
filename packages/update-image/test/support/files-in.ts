import { readdirSync } from 'node:fs';

/** Names of all files in `directory`, hidden ones too, sorted. */
export function filesIn(directory: string): readonly string[] {
  return readdirSync(directory).sort();
}
