import { join } from 'node:path';
import { errorToObject, MicroLinuxError, run, start } from '@micro-linux/core';
import { directories } from '../../output/directories.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { chooseAccelerator } from '../../vm/accelerator.ts';
import type { FirmwareKind } from '../../vm/firmware.ts';
import { inspectImage } from '../../vm/image-file.ts';
import { probeKvm } from '../../vm/kvm-probe.ts';
import { loginFor } from '../../vm/login.ts';
import type { SmokeResult } from '../../vm/smoke/smoke-result.ts';
import { renderSmoke } from '../../vm/smoke/smoke-table.ts';
import { smokeTest } from '../../vm/smoke/smoke-test.ts';
import { findImage } from './find-image.ts';
import type { TestOptions } from './vm-options.ts';

/**
 * The command `test`: prints the table, or with `--json` the result.
 *
 * @returns Whether all checks passed under all firmwares.
 * @throws MicroLinuxError `image-missing`, `credentials-missing`, `kvm-unusable`, and those of
 *   {@link smokeTest}.
 */
export async function runTest(
  { reporter, signal, cwd, env, root }: CommandContext,
  image: string | undefined,
  options: TestOptions,
): Promise<boolean> {
  const { artifacts } = directories(root, env, { artifacts: options.artifacts, cwd });
  const path = await findImage({ image, profile: options.profile, artifacts, cwd });
  const login = await loginFor({ image: path, identity: options.identity, user: options.user });
  const told = new Set<string>();
  const acceleratorFor = async (firmware: FirmwareKind) => {
    const { accelerator, note } = await chooseAccelerator(options.accel, () =>
      probeKvm({ start, smm: firmware === 'secure-boot', signal }),
    );
    if (note !== undefined && !told.has(note)) {
      told.add(note);
      reporter.info(`${note}: QEMU translates instead, which is slow`);
    }
    return accelerator;
  };
  const result = await smokeTest({
    image: await inspectImage(path, { run, signal }),
    firmwares: options.firmware,
    reboot: options.reboot,
    login,
    acceleratorFor,
    acceleratorChoice: options.accel,
    memoryMib: options.memory,
    cpus: options.cpus,
    logDirectory: join(artifacts, 'logs'),
    run,
    start,
    reporter,
    signal,
  });
  reporter.result(renderSmoke(result), {
    ...result,
    ...(result.ok ? {} : errorToObject(checksFailed(result))),
  });
  return result.ok;
}

function checksFailed({ runs }: SmokeResult): MicroLinuxError {
  const failed = runs.flatMap(({ firmware, checks }) =>
    checks.filter(({ status }) => status === 'fail').map(({ id }) => `${firmware}: ${id}`),
  );
  return new MicroLinuxError({
    code: 'checks-failed',
    message: `the image failed ${failed.length} ${failed.length === 1 ? 'check' : 'checks'}`,
    why: failed.join('\n'),
  });
}
