import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { executeStep, type StepTiming } from '../plan/execute.ts';
import { stepDirectory } from '../plan/step-directory.ts';
import { profileOf } from '../profiles/index.ts';
import type { SlotDigest } from '../slot/slot-step.ts';
import { type ArchiveState, ageInWords, readArchiveState } from './archive-state.ts';
import { compareArchive, type PackageAge } from './compare-archive.ts';
import { withPreflight } from './preflight.ts';
import type { Session } from './session.ts';
import { checkSlotFits } from './slot-fit.ts';

/** A slot image, and how old its packages are. */
export interface MadeSlot {
  readonly digest: SlotDigest;
  readonly packageAge: PackageAge;
  /** What the packages were taken from, for the record. */
  readonly archive: ArchiveState;
}

/**
 * Runs the steps as far as the slot image.
 *
 * @param offline ask the archive nothing.
 * @throws MicroLinuxError of the steps, or `image-too-large`.
 */
export async function makeSlot(
  { plan, execute }: Session,
  options: { readonly config: Config; readonly offline: boolean },
  timings: StepTiming[],
): Promise<MadeSlot> {
  const { config, offline } = options;
  const { agent, node, rootfs, slot } = plan.steps;
  await executeStep(agent, execute, timings);
  await executeStep(node, execute, timings);
  const rootfsStep: typeof rootfs = {
    ...withPreflight(rootfs, config, profileOf(config.profile), offline),
    cachedNote: async (directory) =>
      `packages of ${ageInWords((await readArchiveState(directory)).fetchedAt, new Date())}`,
  };
  await executeStep(rootfsStep, execute, timings);
  const archive = await readArchiveState(stepDirectory(rootfs, execute));
  const packageAge =
    timings.at(-1)?.cached === true
      ? await compareArchive(archive, { ...execute, config, offline })
      : { fetchedAt: archive.fetchedAt, archiveIsNewer: false, newerSuites: [] };
  const { digestFile } = await executeStep(slot, execute, timings);
  const digest = JSON.parse(await readFile(digestFile, 'utf8')) as SlotDigest;
  checkSlotFits(digest, config, execute.reporter);
  return { digest, packageAge, archive };
}
