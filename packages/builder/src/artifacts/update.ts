import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import { stepResult } from '../plan/step-directory.ts';
import { manifestName } from '../steps/update/update-step.ts';
import type { Artifact } from './artifact.ts';
import { readySigned } from './ready-artifact.ts';

/** update.img, for devices in the field. */
export const update: Artifact = {
  step: ({ steps }) => steps.update,
  files: 1,
  holdsLogin: false,
  boots: undefined,
  holdsSeed: false,
  signed: true,
  tools: [],
  async ready(kind, { plan, signer, signal }) {
    const files = stepResult(plan.steps.update, plan.placement);
    const details = signer ? { signedBy: [signer.keyId] } : { manifest: files.manifest };
    return await readySigned(kind, files.update, signal, details);
  },
  summary: (records, artifacts) =>
    records.map(({ file, bytes, signedBy = [] }) => {
      const path = join(artifacts, file);
      const line = `  ${path}  ${(bytes / MIB).toFixed(0)} MiB`;
      return signedBy.length > 0
        ? `${line}, signed by ${signedBy.join(', ')}`
        : `${line}, NOT SIGNED: sign ${manifestName(path)}, then ./micro-linux attach`;
    }),
};
