import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import { stepDirectory } from '../../plan/step-directory.ts';
import { type ArchiveState, readArchiveState } from '../../steps/rootfs/archive-state.ts';
import type { SlotDigest } from '../../steps/slot/slot-step.ts';
import { compareArchive, type PackageAge } from './compare-archive.ts';
import type { Session } from './session.ts';
import { checkSlotFits } from './slot-fit.ts';

/** A slot image, and how old its packages are. */
export interface MadeSlot {
  readonly digest: SlotDigest;
  readonly packageAge: PackageAge;
  /** The source of the packages, for the record. */
  readonly archive: ArchiveState;
}

/**
 * Runs the steps up to the slot image.
 *
 * @param offline do not contact the archive.
 * @throws MicroLinuxError of the steps, or `image-too-large`.
 */
export async function makeSlot(
  { plan, runner, execute }: Session,
  options: { readonly config: Config; readonly offline: boolean },
): Promise<MadeSlot> {
  const { config, offline } = options;
  const { rootfs, slot } = plan.steps;
  await runner.run([slot]);
  const archive = await readArchiveState(stepDirectory(rootfs, plan.placement));
  const isOld = runner.timings.find(({ id }) => id === rootfs.id)?.cached === true;
  const packageAge = isOld
    ? await compareArchive(archive, { ...execute, config, offline })
    : { fetchedAt: archive.fetchedAt, archiveIsNewer: false, newerSuites: [] };
  const digest = JSON.parse(await readFile(plan.slotImage.digestFile, 'utf8')) as SlotDigest;
  checkSlotFits(digest, config, execute.reporter);
  return { digest, packageAge, archive };
}
