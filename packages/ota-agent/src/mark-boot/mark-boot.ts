import { type BootEnv, MicroLinuxError, markGood, otherSlot, type Slot } from '@micro-linux/core';
import { envStore } from '../boot-env/env-store.ts';
import { writeBlocks } from '../boot-env/write-blocks.ts';
import { loadConfigAtBoot } from '../config/load-config.ts';
import { logEvent, Priority } from '../journal/journal.ts';
import { MessageId } from '../journal/message-ids.ts';
import { type BootedSlot, bootedSlot } from '../slots/booted-slot.ts';
import {
  isOlderSlot,
  runningIndex,
  stageClaims,
  stageClaimsOrRefuse,
} from '../slots/image-claims.ts';
import { readRollbackIndex } from '../state/rollback-index.ts';
import { requireEsp } from '../system/require-esp.ts';
import type { System } from '../system/system.ts';
import { judgeTrial, type TrialJudgement } from '../trial/judge-trial.ts';
import { settleTrial } from '../trial/settle-trial.ts';
import { noteConfirmed, refuseCondemned } from './boot-notes.ts';
import { refuseOlderImage } from './older-image.ts';
import { recordBoot } from './record-boot.ts';

export interface MarkBootOptions {
  /** Root requests it: confirm an image below the rollback index, which does not change. */
  readonly acceptOlderIndex: boolean;
}

export interface MarkBootResult {
  readonly slot: Slot;
  /** Blocks that were written, in order, as paths on the ESP. Empty if all were correct. */
  readonly written: readonly string[];
  /** Those of them that were damaged before. */
  readonly repaired: readonly string[];
  /** Outcome of the trial, and why it failed if it did. */
  readonly judgement: TrialJudgement;
  /** Problems in words that do not prevent the confirmation. */
  readonly problems: readonly string[];
}

/**
 * Confirms the running slot: the env block first (one write), then its copy, then the marker, then
 * the agent's records. After a power cut in between, GRUB boots a confirmed slot, and the next run
 * finishes the work. Blocks with the right values are not written.
 *
 * A healthy boot is confirmed even if config and state directory are broken, with one exception: a
 * slot that was never confirmed and raises the rollback index, the list of revoked keys or the
 * number of signatures. These must be on the disk before the first block is written; otherwise
 * nothing is written. The confirmed slot stays confirmed, or a failing disk would lead to older
 * systems. If the index rises above the other slot's image, that slot is no longer ok.
 *
 * An image below the index is never confirmed, unless root accepts it.
 *
 * @throws MicroLinuxError `booted-slot-unknown`, `booted-slot-mismatch`, `wrong-disk`,
 *   `slot-condemned`, `image-too-old`, `revoked-keys-invalid`, `keys-unreadable`,
 *   `esp-not-mounted`, `esp-unwritable`, `env-unreadable`, `env-write-failed`, `state-unreadable`,
 *   `state-unwritable`.
 */
export async function markBoot(
  system: System,
  { acceptOlderIndex }: MarkBootOptions = { acceptOlderIndex: false },
): Promise<MarkBootResult> {
  const booted = bootedSlot(system);
  // It may be mounted late. Then neither its blocks nor a trial are lost.
  requireEsp(system.paths);
  refuseCondemned(system, booted.slot);
  const { config, problems: configProblems } = loadConfigAtBoot(system.paths.config);
  const problems = [...configProblems];
  const attempt = attempter(problems);

  const index = runningIndex(system, booted.slot);
  const least = (await attempt(async () => readRollbackIndex(system.paths.state))) ?? 0;
  if (index < least) {
    if (!acceptOlderIndex) {
      return refuseOlderImage(system, { slot: booted.slot, index, least });
    }
    problems.push(
      `the rollback index of slot ${booted.slot} is ${index}, below ${least}: accepted for this boot`,
    );
  }

  const store = envStore(system.paths.esp);
  const env = store.readEnv();
  const copy = store.readCopy();
  const judgement = (await attempt(() => judgeTrial(system, booted, env.value))) ?? NO_TRIAL;
  if (judgement.outcome === 'lost') {
    // Once the block is repaired, a lost trial cannot be distinguished from a failed one.
    await attempt(() => settleTrial(system, config, judgement));
  }

  const known = env.value ?? copy.value;
  const keepClaims =
    known?.confirmed === booted.slot
      ? await attempt(async () => stageClaims(system, index))
      : stageClaimsOrRefuse(system, booted.slot, index);
  const marked = withoutOlderSlot(
    system,
    markGood(known, booted.slot, { bootCounter: config.boot.counter }),
    { least, index: keepClaims ? Math.max(index, least) : least },
  );
  const withTrial: BootEnv =
    judgement.outcome === 'waiting' && env.value?.trial?.slot === judgement.trial.slot
      ? { ...marked, trial: env.value.trial }
      : marked;
  const written = await writeBlocks(system, store, {
    env: withTrial,
    copy: marked,
    marker: booted.slot,
  });
  await attempt(async () => keepClaims?.());
  await attempt(() => endWatch(system, booted));
  await attempt(() => settleTrial(system, config, judgement));
  await attempt(() => recordBoot(system, config, booted));
  const result: MarkBootResult = {
    slot: booted.slot,
    written: written.map(({ path }) => path),
    repaired: written.filter(({ damaged }) => damaged).map(({ path }) => path),
    judgement,
    problems,
  };
  await tellJournal(system, result, configProblems);
  return result;
}

/**
 * The other slot is no longer ok if its image is below the index, or if the index rises and its
 * image is unknown.
 */
function withoutOlderSlot(
  system: System,
  env: BootEnv,
  { least, index }: { readonly least: number; readonly index: number },
): BootEnv {
  const other = otherSlot(env.confirmed);
  const older = isOlderSlot(system, other, index) ?? index > least;
  return older && env.ok[other] ? { ...env, ok: { ...env.ok, [other]: false } } : env;
}

/** Stops what would end this boot as an unconfirmed trial. */
async function endWatch(system: System, { reason }: BootedSlot): Promise<void> {
  noteConfirmed(system);
  if (reason === 'trial') {
    await system.run(TRIAL_OVER, [], { timeoutMs: TRIAL_OVER_TIMEOUT_MS });
  }
}

/** systemd/scripts/trial-over: one signal, and one request that is not awaited. */
const TRIAL_OVER = '/usr/lib/micro-linux/trial-over';
const TRIAL_OVER_TIMEOUT_MS = 15_000;

const NO_TRIAL: TrialJudgement = { outcome: 'none' };

/**
 * Runs an action whose failure must not prevent the confirmation of a healthy boot; records the
 * failure.
 */
function attempter(problems: string[]) {
  return async <T>(action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action();
    } catch (error) {
      problems.push(
        error instanceof MicroLinuxError && error.why !== undefined
          ? `${error.message}: ${error.why}`
          : String(error),
      );
      return undefined;
    }
  };
}

async function tellJournal(
  system: System,
  { slot, written, repaired }: MarkBootResult,
  configProblems: readonly string[],
): Promise<void> {
  if (written.length > 0) {
    await logEvent(system, {
      messageId: MessageId.confirmed,
      priority: Priority.info,
      message: `slot ${slot} is confirmed`,
      fields: { slot },
    });
  }
  if (repaired.length > 0) {
    await logEvent(system, {
      messageId: MessageId.envRepaired,
      priority: Priority.warning,
      message: `damaged and rewritten: ${repaired.join(', ')}`,
    });
  }
  if (configProblems.length > 0) {
    await logEvent(system, {
      messageId: MessageId.configIgnored,
      priority: Priority.error,
      message: `the config of ota-agent is invalid and is ignored:\n${configProblems.join('\n')}`,
    });
  }
}
