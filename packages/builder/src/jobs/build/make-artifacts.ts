import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { encodeHead, fileSource, readHead } from '@micro-linux/update-image';
import { type Artifacts, artifactOf } from '../../artifacts/artifact.ts';
import type { ArtifactRecord } from '../../artifacts/build-record.ts';
import type { Signer } from '../../keys/signer.ts';
import type { Trust } from '../../keys/trust.ts';
import { stepResult } from '../../plan/step-directory.ts';
import type { UpdateFiles } from '../../steps/update/update-step.ts';
import type { Session } from './session.ts';

export interface ArtifactOptions {
  readonly artifacts: Artifacts;
  /** Kinds to make. */
  readonly missing: readonly string[];
  readonly signer: Signer | undefined;
  readonly trust: Trust;
  /** The update of this plan, if it exists and has enough signatures. */
  readonly signedUpdate: string | undefined;
}

/** Moves an artifact to the artifacts directory. */
export type Publish = (artifacts: string) => Promise<readonly ArtifactRecord[]>;

/**
 * Runs the steps of some artifacts.
 *
 * @returns functions that publish the artifacts, in the required order.
 */
export async function makeArtifacts(
  { plan, runner, execute }: Session,
  options: ArtifactOptions,
): Promise<readonly Publish[]> {
  const { artifacts, missing, signer, signedUpdate, trust } = options;
  const { update } = plan.steps;
  const kinds = Object.keys(artifacts).filter((kind) => missing.includes(kind));
  const steps = kinds.map((kind) => artifactOf(artifacts, kind).step(plan));
  if (signedUpdate !== undefined) {
    await takeUpdate(signedUpdate, stepResult(update, plan.placement));
  }
  await runner.run(steps, signedUpdate === undefined ? [] : [update.id]);
  const ready: Publish[] = [];
  for (const [index, kind] of kinds.entries()) {
    const { reporter, signal } = execute;
    const made = await artifactOf(artifacts, kind).ready(kind, {
      ...{ plan, trust, signer, reporter, signal },
    });
    const step = steps[index];
    const key = step && plan.placement.keyOf(step);
    ready.push(async (directory) =>
      (await made.publish(directory)).map((record) => ({ ...record, ...(key ? { key } : {}) })),
    );
  }
  return ready;
}

/** Uses an existing update as the result of its step, with the signatures it has got since. */
async function takeUpdate(update: string, files: UpdateFiles): Promise<void> {
  const source = await fileSource(update);
  try {
    const head = await readHead(source);
    await mkdir(dirname(files.update), { recursive: true });
    await symlink(update, files.update);
    await writeFile(files.manifest, head.manifestBytes);
    await writeFile(files.head, encodeHead(head));
  } finally {
    await source.close();
  }
}
