import { MicroLinuxError, run } from '@micro-linux/core';
import { checkLiveKernel } from '../iso/index.ts';
import type { Signer } from '../keys/signer.ts';
import type { Trust } from '../keys/trust.ts';
import { profileOf } from '../profiles/index.ts';
import type { BuildOptions } from './build.ts';
import type { ArtifactKind } from './build-record.ts';
import type { Session } from './session.ts';
import { isoUnsigned, signsEnough } from './signed-update.ts';

/**
 * What is asked for, without an ISO whose update would not be signed.
 *
 * @param signed an update that is there already.
 * @throws MicroLinuxError `iso-unsigned`, if the ISO is asked for by name.
 */
export function withSignedIso(
  { wanted, isoIfPossible = false, reporter }: BuildOptions,
  keys: {
    readonly trust: Trust;
    readonly signer: Signer | undefined;
    readonly signed: string | undefined;
  },
): readonly ArtifactKind[] {
  const { trust, signer, signed } = keys;
  if (!wanted.includes('iso') || signed !== undefined || signsEnough(signer, trust)) {
    return wanted;
  }
  if (!isoIfPossible) {
    throw isoUnsigned(trust);
  }
  reporter.info('no ISO is made: its update must be signed first; ./micro-linux iso makes it then');
  return wanted.filter((kind) => kind !== 'iso');
}

/**
 * Whether the slot that was built can start from an ISO; warns if not.
 *
 * @throws MicroLinuxError `live-kernel`, if the ISO is asked for by name.
 */
export async function startsFromIso(
  { plan }: Session,
  { config, isoIfPossible = false, reporter, signal }: BuildOptions,
): Promise<boolean> {
  const { vendor } = profileOf(config.profile);
  try {
    await checkLiveKernel({ run, reporter, signal, vendor, slot: plan.slotImage });
    return true;
  } catch (thrown) {
    if (!isoIfPossible || !(thrown instanceof MicroLinuxError) || thrown.code !== 'live-kernel') {
      throw thrown;
    }
    reporter.warn([thrown.message, thrown.why, thrown.hint].filter(Boolean).join('\n  '));
    return false;
  }
}
