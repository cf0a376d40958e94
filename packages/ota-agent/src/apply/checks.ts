import type { MicroLinuxError } from '@micro-linux/core';
import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import { unconfirmed } from '../boot-env/unconfirmed.ts';
import { holdsRoot } from '../raw-device/device-users.ts';
import { alreadyRuns } from './already-runs.ts';
import type { ApplyFacts } from './apply-facts.ts';
import * as refuse from './refusals.ts';

/** A condition for any change. */
export interface Check {
  /** The check in words. */
  readonly title: string;
  /** Why the update is refused; undefined when the check passes. */
  readonly refusal: MicroLinuxError | undefined;
}

/**
 * Every check, in order: the first refusal is reported. The signatures are valid, or there would be
 * no facts. For an image that is already running, checks of the other slot are left out, because it
 * will not be written.
 */
export function checkApply(facts: ApplyFacts): readonly Check[] {
  return [...updateChecks(facts), ...(alreadyRuns(facts) ? [] : deviceChecks(facts))];
}

/** The checks that apply to any update. */
export interface DeviceFacts extends Pick<ApplyFacts, 'env' | 'target'> {
  readonly running: Pick<ApplyFacts['running'], 'slot' | 'acceptable'>;
}

/** The checks that do not depend on the content of an update that is not trusted. */
export function checkUntrusted(refusal: MicroLinuxError, facts: DeviceFacts): readonly Check[] {
  return [check(SIGNATURES, refusal), ...standingChecks(facts)];
}

const SIGNATURES = 'signatures';

function updateChecks({ agent, running, update }: ApplyFacts): readonly Check[] {
  const { manifest } = update.head;
  const { minimumAgent } = manifest;
  return [
    check(SIGNATURES, undefined),
    check(
      `made for ${manifest.compatible}`,
      manifest.compatible !== running.image.compatible &&
        refuse.incompatible(manifest.compatible, running.image.compatible),
    ),
    check(
      `processor ${manifest.architecture}`,
      manifest.architecture !== agent.architecture &&
        refuse.wrongArchitecture(manifest.architecture, agent.architecture),
    ),
    check(
      minimumAgent === undefined ? 'any agent' : `ota-agent ${minimumAgent} or newer`,
      minimumAgent !== undefined &&
        isOlder(agent.version, minimumAgent) &&
        refuse.agentTooOld(agent.version, minimumAgent),
    ),
  ];
}

function deviceChecks(facts: ApplyFacts): readonly Check[] {
  const { options, rejections, rollbackIndex, running, target, update } = facts;
  const { manifest } = update.head;
  const before = rejections.find(({ manifestSha256 }) => manifestSha256 === update.manifestSha256);
  return [
    check(
      `not older than ${running.image.version ?? 'the running version'}`,
      !options.forceDowngrade &&
        isOlder(manifest.version, running.image.version) &&
        refuse.downgrade(manifest.version, running.image.version),
    ),
    check(
      `rollback index ${rollbackIndex} or higher`,
      manifest.rollbackIndex < rollbackIndex &&
        refuse.rollbackIndexTooLow(manifest.rollbackIndex, rollbackIndex),
    ),
    check(
      'did not fail here before',
      before !== undefined && !options.retry && refuse.failedBefore(before),
    ),
    ...standingChecks(facts),
    check(
      `fits into slot ${target.slot}`,
      manifest.image.bytes > target.bytes &&
        refuse.imageTooLarge(manifest.image.bytes, target.bytes),
    ),
  ];
}

/** Whether the apply itself confirms the running system: see docs/explanation/security.md. */
export function isAccepted({ env, running }: Pick<DeviceFacts, 'env' | 'running'>): boolean {
  return running.acceptable && unconfirmed(env, running.slot) !== undefined;
}

function standingChecks({ env, running, target }: DeviceFacts): readonly Check[] {
  const accepted = isAccepted({ env, running });
  return [
    accepted
      ? check('the running system is too old to be confirmed, but healthy', undefined)
      : check('the running system is confirmed', unconfirmed(env, running.slot)),
    check(
      `slot ${target.slot} is not the active one`,
      (holdsRoot(target.users) || (!accepted && env?.confirmed === target.slot)) &&
        refuse.slotActive(target),
    ),
    check(`slot ${target.slot} is not in use`, target.users.length > 0 && refuse.slotInUse(target)),
  ];
}

function check(title: string, refusal: MicroLinuxError | undefined | false): Check {
  return { title, refusal: refusal === false ? undefined : refusal };
}

/**
 * Whether `version` is older than `than`, by semantic versioning. A version that cannot be compared
 * counts as older: an update that is not known to be newer must be forced.
 */
function isOlder(version: string | undefined, than: string | undefined): boolean {
  const [a, b] = [parse(version), parse(than)];
  return a === null || b === null || compare(a, b) < 0;
}
