import type { Slot } from '@micro-linux/core';
import { alreadyRuns } from './already-runs.ts';
import type { ApplyFacts } from './apply-facts.ts';
import { type Check, checkApply, isAccepted } from './checks.ts';
import type { ApplyStep } from './steps.ts';

/** What an apply would do. */
export interface ApplyPlan {
  readonly slot: Slot;
  readonly checks: readonly Check[];
  /** Empty when there is nothing to do. Must not be run if a check refuses. */
  readonly steps: readonly ApplyStep[];
}

/** Pure: reads nothing and changes nothing. */
export function planApply(facts: ApplyFacts): ApplyPlan {
  const { slot } = facts.target;
  const checks = checkApply(facts);
  if (alreadyRuns(facts)) {
    return { slot, checks, steps: [] };
  }
  const { version, image } = facts.update.head.manifest;
  const { tries, reboot } = facts.options;
  const fill: readonly ApplyStep[] = [
    { kind: 'condemn', slot, confirmed: facts.running.slot },
    { kind: 'forget', slot },
    { kind: 'wipe', slot },
    {
      kind: 'write',
      slot,
      bytes: image.bytes,
      chunks: image.chunks.length,
      claimed: claimedChunks(facts),
    },
    { kind: 'expose', slot },
  ];
  return {
    slot,
    checks,
    steps: [
      ...(isAccepted(facts) ? [{ kind: 'accept', slot: facts.running.slot } as const] : []),
      { kind: 'baseline' },
      { kind: 'begin', slot, version },
      ...(facts.target.holdsUpdate ? [] : fill),
      { kind: 'inspect', slot, version },
      ...(facts.target.holdsUpdate ? [] : [{ kind: 'remember', slot } as const]),
      { kind: 'trial', slot, tries },
      { kind: 'arm', slot, tries },
      { kind: 'finish', slot, version },
      ...(reboot ? [{ kind: 'reboot' } as const] : []),
    ],
  };
}

/** Another image, or the same one in the other slot, starts over. */
export function claimedChunks({ journal, target, update }: ApplyFacts): number {
  return journal?.slot === target.slot && journal.manifestSha256 === update.manifestSha256
    ? Math.min(journal.chunks, update.head.manifest.image.chunks.length)
    : 0;
}
