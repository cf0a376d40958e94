import { MicroLinuxError, run } from '@micro-linux/core';
import { checkLiveKernel } from '../steps/iso/index.ts';
import type { BeforeBuild, SlotMade } from './artifact.ts';
import { isoUnsigned, signsEnough } from './signed-update.ts';

/**
 * Whether the update that an ISO carries is signed, or will be.
 *
 * @throws MicroLinuxError `iso-unsigned`, if the ISO is asked for by name.
 */
export function mayBeSigned(before: BeforeBuild): boolean {
  const { trust, signer, signedUpdate, ifPossible, reporter } = before;
  if (signedUpdate !== undefined || signsEnough(signer, trust)) {
    return true;
  }
  if (!ifPossible) {
    throw isoUnsigned(trust);
  }
  reporter.info('no ISO is made: its update must be signed first; ./micro-linux iso makes it then');
  return false;
}

/**
 * Whether the slot that was built can start from an ISO; warns if not.
 *
 * @throws MicroLinuxError `live-kernel`, if the ISO is asked for by name.
 */
export async function startsFromIso({
  plan,
  ifPossible,
  reporter,
  signal,
}: SlotMade): Promise<boolean> {
  const { vendor } = plan.profile;
  try {
    await checkLiveKernel({ run, reporter, signal, vendor, slot: plan.slotImage });
    return true;
  } catch (thrown) {
    if (!ifPossible || !(thrown instanceof MicroLinuxError) || thrown.code !== 'live-kernel') {
      throw thrown;
    }
    reporter.warn([thrown.message, thrown.why, thrown.hint].filter(Boolean).join('\n  '));
    return false;
  }
}
