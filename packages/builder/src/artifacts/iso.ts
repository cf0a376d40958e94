import { basename } from 'node:path';
import { stepResult } from '../plan/step-directory.ts';
import { mediumSignatures, tellMissingSignatures } from '../steps/medium/medium-signatures.ts';
import type { Artifact } from './artifact.ts';
import { ISO_TOOLS } from './build-tools.ts';
import { mayBeSigned, startsFromIso } from './can-make-iso.ts';
import { readySigned } from './ready-artifact.ts';

/** Our own installation medium. */
export const iso: Artifact = {
  step: ({ steps }) => steps.iso,
  files: 1,
  holdsLogin: true,
  boots: 'medium',
  holdsSeed: true,
  signed: true,
  tools: ISO_TOOLS,
  canBegin: mayBeSigned,
  canGoOn: startsFromIso,
  async ready(kind, { plan, trust, reporter, signal }) {
    const signed = await mediumSignatures(stepResult(plan.steps.medium, plan.placement), trust);
    const file = stepResult(plan.steps.iso, plan.placement).iso;
    const ready = await readySigned(kind, file, signal, signed);
    tellMissingSignatures(basename(file), signed, reporter);
    return ready;
  },
};
