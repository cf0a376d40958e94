import { join } from 'node:path';
import { ExitCode, errnoOf, explainSystemError, MicroLinuxError } from '@micro-linux/core';
import { lock } from 'proper-lockfile';
import { makeFolder } from '../../system/files/make-folder.ts';
import { sweepPartialFiles } from '../../system/temporary/partial-file.ts';

/** Milliseconds after which the lock of a killed process expires. */
const STALE_MS = 10_000;

/**
 * Locks the artifacts directory for one build, and removes the leftovers of killed builds.
 *
 * @returns releases the lock; throws `lock-lost` if the directory was removed or taken over
 *   meanwhile.
 * @throws MicroLinuxError `build-running` (exit code 6) if another build holds it,
 *   `artifacts-unwritable`, `disk-full`.
 */
export async function lockArtifacts(artifacts: string): Promise<() => Promise<void>> {
  let lost: Error | undefined;
  let release: () => Promise<void>;
  try {
    await makeFolder(artifacts);
    release = await lock(artifacts, {
      lockfilePath: join(artifacts, '.build.lock'),
      stale: STALE_MS,
      realpath: true,
      onCompromised: (error) => {
        lost = error;
      },
    });
  } catch (cause) {
    throw notLocked(artifacts, cause);
  }
  await sweepPartialFiles(artifacts);
  return async () => {
    if (lost) {
      throw new MicroLinuxError({
        code: 'lock-lost',
        message: `${artifacts} was removed, or used by another build, while this one ran`,
        why: lost.message,
        hint: 'build again; with --artifacts DIR, two builds can run at once',
        cause: lost,
      });
    }
    await release();
  };
}

function notLocked(artifacts: string, cause: unknown): unknown {
  if (errnoOf(cause) === 'ELOCKED') {
    return new MicroLinuxError({
      code: 'build-running',
      message: `another build is writing to ${artifacts}`,
      why: `it holds ${join(artifacts, '.build.lock')}; after a crash, the lock expires in ${STALE_MS / 1000} s`,
      hint: 'wait for it to end, or build elsewhere with --artifacts DIR',
      exitCode: ExitCode.busy,
      cause,
    });
  }
  const explained = explainSystemError(cause);
  if (!explained || explained.code === 'disk-full') {
    return explained ?? cause;
  }
  return new MicroLinuxError({
    code: 'artifacts-unwritable',
    message: `the artifacts directory ${artifacts} cannot be used`,
    why: explained.message,
    hint: 'give it to your user (chown), or build elsewhere with --artifacts DIR',
    details: explained.details,
    cause,
  });
}
