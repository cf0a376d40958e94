import { missingPackages } from 'micro-linux/host/missing-tools';
import { HOST_PACKAGES } from 'micro-linux/host/packages';
import { findTool, toolPath } from 'micro-linux/host/tool-path';

/**
 * Why stories that need the host's programs cannot run here, or undefined when they can. Says it
 * on standard error too: a skipped story must not look like a passed one.
 */
export async function whySkipped(story: string): Promise<string | undefined> {
  const path = toolPath(process.env['PATH']);
  const needed = HOST_PACKAGES.filter(({ vendor }) => vendor !== 'ubuntu');
  const missing = await missingPackages(needed, (name) => findTool(name, path));
  const names = missing
    .map(({ package: { name } }) => name)
    .filter((name) => name !== 'ubuntu-keyring');
  if (names.length === 0) {
    return undefined;
  }
  const reason = `not installed: ${names.join(', ')} (./micro-linux setup-host --tests)`;
  process.stderr.write(`\n!!! SKIPPED: ${story}: ${reason}\n\n`);
  return reason;
}
