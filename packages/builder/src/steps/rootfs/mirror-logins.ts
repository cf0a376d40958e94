import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveAddresses } from '../../config/archive-addresses.ts';
import { loginFor, readAptLogins, renderAptLogins } from '../../host/apt-auth.ts';
import { makePrivateFile } from '../../plan/private-file.ts';
import type { StepContext } from '../../plan/step.ts';
import type { RootfsPlan } from './mmdebstrap-arguments.ts';

/**
 * Writes a file in the work directory with only the logins of the plan's archives, readable by its
 * owner only; undefined if none is configured.
 *
 * @throws MicroLinuxError of `readAptLogins`.
 */
export async function mirrorLogins(
  options: { readonly plan: RootfsPlan; readonly mirrorAuth: string | undefined },
  context: Pick<StepContext, 'workDirectory'>,
): Promise<string | undefined> {
  const addresses = archiveAddresses(options.plan);
  if (options.mirrorAuth === undefined || addresses.length === 0) {
    return undefined;
  }
  const { logins } = await readAptLogins(options.mirrorAuth);
  const used = addresses.flatMap((address) => {
    const login = loginFor(new URL(`${address}/`), logins);
    return login === undefined ? [] : [login];
  });
  const file = join(context.workDirectory, 'mirror-logins');
  await makePrivateFile(file);
  await writeFile(file, renderAptLogins([...new Set(used)]));
  return file;
}
