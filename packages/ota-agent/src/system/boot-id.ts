import { readRegularFile } from '../state/read-file.ts';
import type { System } from './system.ts';

/** The kernel's name for this boot; empty when it does not say. */
export function readBootId(system: System): string {
  try {
    return readRegularFile(system.paths.bootId).toString('utf8').trim();
  } catch {
    return '';
  }
}
