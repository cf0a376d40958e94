import { MicroLinuxError } from '@micro-linux/core';
import type { System } from './system.ts';

/** @throws MicroLinuxError `not-root`. */
export function requireRoot(system: System): void {
  if (!system.isRoot()) {
    throw new MicroLinuxError({
      code: 'not-root',
      message: 'this needs root',
      why: 'slots and boot settings belong to root alone',
      hint: 'sudo ota-agent …',
    });
  }
}
