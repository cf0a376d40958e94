import { ExitCode, MicroLinuxError, markGood, otherSlot, type Slot } from '@micro-linux/core';
import { type EnvStore, envStore } from '../boot-env/env-store.ts';
import { writeBlocks } from '../boot-env/write-blocks.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { isOlderSlot } from '../slots/image-claims.ts';
import type { System } from '../system/system.ts';

/** A running image that is older than this device allows. */
export interface OlderImage {
  readonly slot: Slot;
  /** Its rollback index. */
  readonly index: number;
  /** The highest index that was healthy here. */
  readonly least: number;
}

/**
 * Logs that a running image is too old to be confirmed. It keeps running, because a working device
 * is better than none, but it must not start automatically again: if all of GRUB's blocks are lost,
 * so that GRUB starts slot A whatever it contains, they are rewritten to start the other slot next
 * time, if that is known to be new enough.
 *
 * @throws MicroLinuxError `image-too-old`, always.
 */
export async function refuseOlderImage(system: System, older: OlderImage): Promise<never> {
  const error = tooOld(older);
  await logEvent(system, {
    messageId: MessageId.imageTooOld,
    priority: Priority.critical,
    message: `${error.message}\n${error.why}`,
    fields: { slot: older.slot, rollbackIndex: older.index, least: older.least },
  });
  // The reason for the refusal matters more than this failure.
  await handOver(system, older).catch(() => undefined);
  throw error;
}

/** The error for a running image that is below the rollback index. */
function tooOld({ slot, index, least }: OlderImage): MicroLinuxError {
  return new MicroLinuxError({
    code: 'image-too-old',
    message: `slot ${slot} is not confirmed: its rollback index is ${index}, and an image with ${least} was healthy here`,
    why: 'an older image may have security holes that the newer one fixed; it keeps running, but is not confirmed',
    hint: 'apply a newer update: ota-agent apply UPDATE\nor start the other slot: reboot\nor confirm this boot anyway: ota-agent mark-boot --accept-older-index',
    exitCode: ExitCode.rejected,
    details: { slot, rollbackIndex: index, least },
  });
}

async function handOver(system: System, { slot, least }: OlderImage): Promise<void> {
  const store = envStore(system.paths.esp);
  const next = otherSlot(slot);
  if (knowsASlot(store) || isOlderSlot(system, next, least) !== false) {
    return;
  }
  // This slot stays ok: if the other one cannot be loaded, something must boot.
  const other = markGood(undefined, next);
  const env = { ...other, success: false, ok: { A: true, B: true } };
  await writeBlocks(system, store, { env, copy: env, marker: next });
}

function knowsASlot(store: EnvStore): boolean {
  return [store.readEnv(), store.readCopy(), store.readMarker()].some(
    ({ value }) => value !== undefined,
  );
}
