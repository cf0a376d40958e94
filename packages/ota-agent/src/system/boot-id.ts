import { readFileSync } from 'node:fs';
import type { System } from './system.ts';

/** The kernel's name for this boot; empty when it does not say. */
export function readBootId(system: System): string {
  try {
    return readFileSync(system.paths.bootId, 'utf8').trim();
  } catch {
    return '';
  }
}
