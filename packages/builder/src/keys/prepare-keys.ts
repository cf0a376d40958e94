import type { Reporter } from '@micro-linux/core';
import type { UpdateConfig } from '../config/config.ts';
import { configuredSigner, noSigner, type Signer } from './signer.ts';
import { readTrust, type Trust } from './trust.ts';

/** Whether update.img is signed: always, if there is a signer, or never. */
export type Signing = 'required' | 'optional' | 'none';

/** The keys whose updates the image accepts, and the signer of this one. */
export interface Keys {
  readonly trust: Trust;
  readonly signer: Signer | undefined;
}

/**
 * Reads every key a build needs, before anything slow.
 *
 * @param options.create false for a dry run: nothing is written.
 * @throws MicroLinuxError of `readTrust` and `configuredSigner`, and `signing-key-missing`.
 */
export async function prepareKeys(
  update: UpdateConfig,
  options: {
    readonly create: boolean;
    readonly signing: Signing;
    readonly reporter: Reporter;
  },
): Promise<Keys> {
  const trusted = await readTrust(update, options);
  if (options.signing === 'none') {
    return { trust: trusted.trust, signer: undefined };
  }
  const signer = await configuredSigner(update, trusted, options.reporter);
  if (!signer && options.signing === 'required') {
    throw noSigner();
  }
  const { threshold } = trusted.trust;
  if (signer && options.signing === 'required' && threshold > 1) {
    options.reporter.warn(
      `devices require ${threshold} signatures, and a build makes one: ./micro-linux attach adds the others`,
    );
  }
  return { trust: trusted.trust, signer };
}
