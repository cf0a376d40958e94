import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isHealthCheckName } from '@micro-linux/provision';
import type { System } from '../../system/system.ts';
import type { Check, Finding } from '../check.ts';

export const DIRECTORY = 'health.d';

/** Bytes of an executable's output that are kept. */
const OUTPUT_BYTES = 4096;

/** The executables of health.d, each as a check, by name. */
export function executableChecks(system: System): readonly Check[] {
  return executables(system.paths.config).map(({ name, path }) => ({
    id: `${DIRECTORY}/${name}`,
    look: async (timeoutMs) => look(system, path, timeoutMs),
  }));
}

/**
 * Name and path of each, sorted by name. A name in an earlier directory hides the same name in
 * later ones; one that is empty or a link to /dev/null hides it without a replacement. A file
 * without execute permission is a check that fails.
 *
 * @param configDirectories highest precedence first.
 */
export function executables(
  configDirectories: readonly string[],
): readonly { readonly name: string; readonly path: string }[] {
  const pathOf = new Map<string, string>();
  for (const directory of configDirectories.map((parent) => join(parent, DIRECTORY))) {
    for (const name of namesIn(directory)) {
      if (!pathOf.has(name)) {
        pathOf.set(name, join(directory, name));
      }
    }
  }
  return [...pathOf]
    .filter(([, path]) => !isMask(path))
    .map(([name, path]) => ({ name, path }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function look(system: System, path: string, timeoutMs: number): Promise<Finding> {
  const result = await system.runGroup(path, [], {
    timeoutMs,
    tailBytes: OUTPUT_BYTES,
    env: { LC_ALL: 'C.UTF-8' },
  });
  const output = result.output;
  if (result.startError !== undefined) {
    return { ok: false, note: `it cannot be run: ${result.startError}`, output };
  }
  if (result.timedOut) {
    return { ok: false, note: `it did not end within ${timeoutMs / 1000} s`, output };
  }
  if (result.exitCode === undefined) {
    return { ok: false, note: `it was ended by ${result.signal ?? 'a signal'}`, output };
  }
  return {
    ok: result.exitCode === 0,
    note: `it ended with status ${result.exitCode}`,
    output,
  };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter(isHealthCheckName);
  } catch {
    return [];
  }
}

function isMask(path: string): boolean {
  try {
    // A link to /dev/null is a character device behind the link.
    const target = statSync(path);
    return !target.isFile() || target.size === 0;
  } catch {
    // A dangling link, or a file that cannot be read, was meant to be a check: it fails with the
    // reason.
    return false;
  }
}
