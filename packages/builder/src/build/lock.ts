import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { lock } from 'proper-lockfile';

/** Milliseconds after which a lock whose holder was killed no longer counts. */
const STALE_MS = 10_000;

/**
 * Holds the artifacts directory for one build; the returned function lets go of it.
 *
 * @throws MicroLinuxError `build-running` (exit code 6) when another build holds it,
 *   `artifacts-unwritable`.
 */
export async function lockArtifacts(artifacts: string): Promise<() => Promise<void>> {
  try {
    await mkdir(artifacts, { recursive: true });
    return await lock(artifacts, {
      lockfilePath: join(artifacts, '.build.lock'),
      stale: STALE_MS,
      realpath: true,
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ELOCKED') {
      throw new MicroLinuxError({
        code: 'build-running',
        message: `another build is writing to ${artifacts}`,
        why: `it holds ${join(artifacts, '.build.lock')}; after a crash it frees itself in ${STALE_MS / 1000} s`,
        hint: 'wait for it to end, or build elsewhere with --artifacts DIR',
        exitCode: ExitCode.busy,
        cause,
      });
    }
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM' || code === 'ENOTDIR') {
      throw new MicroLinuxError({
        code: 'artifacts-unwritable',
        message: `the artifacts directory ${artifacts} cannot be written to`,
        why: String(cause),
        hint: 'give it to your user (chown), or build elsewhere with --artifacts DIR',
        cause,
      });
    }
    throw cause;
  }
}
