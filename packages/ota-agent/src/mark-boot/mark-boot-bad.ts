import { type BootEnv, condemn, MicroLinuxError, otherSlot, type Slot } from '@micro-linux/core';
import { envStore } from '../boot-env/env-store.ts';
import { writeBlocks } from '../boot-env/write-blocks.ts';
import { loadConfigAtBoot } from '../config/load-config.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { bootedSlot } from '../slots/booted-slot.ts';
import { readImageInfo } from '../slots/image-info.ts';
import { appendHistory } from '../state/history.ts';
import { addRejection } from '../state/rejected.ts';
import { manifestDigest, readSlotHead } from '../state/slot-heads.ts';
import { readTrial, removeTrial } from '../state/trial.ts';
import type { System } from '../system/system.ts';
import { noteCondemned } from './boot-notes.ts';

export interface MarkBadResult {
  /** The slot that was condemned: the running one. */
  readonly slot: Slot;
  /** The slot that boots from now on. */
  readonly next: Slot;
  readonly version: string | null;
}

/**
 * Condemns the running slot: GRUB does not start it automatically any more, and its image is
 * applied again only with `--retry`. The machine runs on until it is restarted.
 *
 * @param reason for the history and for `status`.
 * @throws MicroLinuxError `last-slot` when the other slot is not ok, `env-lost` when no block says
 *   whether it is, and as `markBoot` and the state files do.
 */
export async function markBootBad(system: System, reason: string): Promise<MarkBadResult> {
  const { slot } = bootedSlot(system);
  const { config } = loadConfigAtBoot(system.paths.config);
  const next = otherSlot(slot);
  const store = envStore(system.paths.esp);
  const env = store.readEnv().value ?? store.readCopy().value;
  if (!env) {
    throw new MicroLinuxError({
      code: 'env-lost',
      message: `slot ${slot} cannot be condemned: both blocks of GRUB’s environment are damaged`,
      why: 'nothing says whether the other slot is ok',
      hint: 'ota-agent mark-boot rewrites them',
    });
  }
  const condemned = condemnRunning(env, slot, config.boot.counter);
  await writeBlocks(system, store, {
    env: condemned,
    copy: { ...condemned, trial: undefined },
    marker: next,
  });
  noteCondemned(system);

  const { state } = system.paths;
  const at = system.now().toISOString();
  const head = readSlotHead(state, slot);
  const version = head?.manifest.version ?? readImageInfo(system.paths.imageInfo).version ?? null;
  const trial = readTrial(state);
  const manifestSha256 = trial?.slot === slot ? trial.manifestSha256 : head && manifestDigest(head);
  if (manifestSha256 !== undefined) {
    addRejection(state, {
      manifestSha256,
      version: version ?? 'unknown',
      slot,
      failedAt: at,
      reason,
    });
  }
  appendHistory(state, { event: 'condemned', at, slot, version, to: next, reason }, config.history);
  if (trial?.slot === slot) {
    removeTrial(state);
  }
  await logEvent(system, {
    messageId: MessageId.condemned,
    priority: Priority.warning,
    message: `slot ${slot} was condemned: ${reason}`,
    fields: { slot, version, toSlot: next },
  });
  return { slot, next, version };
}

/** A trial of the other slot ends, too, because that slot is confirmed now. */
function condemnRunning(env: BootEnv, slot: Slot, bootCounter: number): BootEnv {
  if (!env.ok[otherSlot(slot)]) {
    // Checked even if it is not the confirmed one: core only refuses when the confirmed slot
    // changes.
    throw new MicroLinuxError({
      code: 'last-slot',
      message: `slot ${slot} cannot be condemned: slot ${otherSlot(slot)} is not ok`,
      why: 'nothing would be left to boot',
      details: { slot },
    });
  }
  return condemn(env, slot, { bootCounter });
}
