import { basename } from 'node:path';
import type { Signer } from '../keys/signer.ts';
import type { Trust } from '../keys/trust.ts';
import { mediumSignatures, tellMissingSignatures } from '../medium/medium-signatures.ts';
import { executeStep, type StepTiming } from '../plan/execute.ts';
import type { ArtifactKind } from './build-record.ts';
import { type ReadyArtifact, readyArtifact, readySigned } from './ready-artifact.ts';
import { readySeed } from './ready-seed.ts';
import type { Session } from './session.ts';

export interface ArtifactOptions {
  readonly missing: readonly ArtifactKind[];
  readonly signer: Signer | undefined;
  readonly trust: Trust;
  /** What an ISO carries if the update is not made here. */
  readonly signedUpdate: string | undefined;
  readonly timings: StepTiming[];
}

/**
 * Runs the steps behind the slot image that some artifacts need.
 *
 * @returns the artifacts, in the order in which they may be put into their place.
 */
export async function makeArtifacts(
  { plan, execute }: Session,
  options: ArtifactOptions,
): Promise<readonly ReadyArtifact[]> {
  const { payload, update, esp, esp4k, biosGrub, data, disk, qcow2, seed } = plan.steps;
  const { missing, signer, signedUpdate, trust, timings } = options;
  const { signal } = execute;
  const ready: ReadyArtifact[] = [];
  const needsUpdate =
    missing.includes('qcow2') ||
    missing.includes('update') ||
    (missing.includes('iso') && signedUpdate === undefined);
  if (needsUpdate) {
    await executeStep(payload, execute, timings);
    const files = await executeStep(update, execute, timings);
    if (missing.includes('update')) {
      const details = signer ? { signedBy: [signer.keyId] } : { manifest: files.manifest };
      ready.push(await readySigned('update', files.update, signal, details));
    }
  }
  if (missing.includes('qcow2') || missing.includes('iso')) {
    for (const step of [esp, esp4k, biosGrub]) {
      await executeStep<unknown>(step, execute, timings);
    }
  }
  if (missing.includes('qcow2')) {
    for (const step of [data, disk]) {
      await executeStep<unknown>(step, execute, timings);
    }
    const { image } = await executeStep(qcow2, execute, timings);
    ready.unshift(await readyArtifact('qcow2', image, signal));
  }
  if (missing.includes('seed')) {
    ready.push(await readySeed(await executeStep(seed, execute, timings)));
  }
  if (missing.includes('iso')) {
    const { liveRoot, isoMenu, isoBios, isoUefi, medium, iso } = plan.steps;
    for (const step of [liveRoot, isoMenu, isoBios, isoUefi]) {
      await executeStep<unknown>(step, execute, timings);
    }
    const signed = await mediumSignatures(await executeStep(medium, execute, timings), trust);
    const file = (await executeStep(iso, execute, timings)).iso;
    ready.push(await readySigned('iso', file, signal, signed));
    tellMissingSignatures(basename(file), signed, execute.reporter);
  }
  return ready;
}
