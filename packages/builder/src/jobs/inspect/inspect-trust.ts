import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { readPublicKeyFile } from '../../keys/read-key-file.ts';
import { readTrust, type Trust } from '../../keys/trust.ts';
import type { CommandContext } from '../../system/command-context.ts';

/** The keys that an inspection trusts. */
export interface TrustOptions {
  readonly config?: string;
  readonly variant?: string;
  readonly publicKey?: readonly string[];
}

/** Whether the command line says where the keys are. */
export function namesKeys({ config, variant, publicKey }: TrustOptions): boolean {
  return [config, variant, publicKey].some((option) => option !== undefined);
}

/**
 * The keys on the command line, one of which must have signed, or those of the config.
 *
 * @throws MicroLinuxError of the config and the key files.
 */
export async function inspectTrust(
  { cwd, env, reporter }: CommandContext,
  options: TrustOptions,
): Promise<Trust> {
  if (options.publicKey) {
    const keys = await Promise.all(
      options.publicKey.map((file) => readPublicKeyFile(resolve(cwd, file))),
    );
    return { keys, revoked: [], threshold: 1, development: false };
  }
  const { update } = await loadConfig({
    ...{ path: options.config, variant: options.variant, cwd, env, flags: [] },
    notice: (line) => reporter.info(line),
  });
  return (await readTrust(update, { create: false, reporter })).trust;
}
