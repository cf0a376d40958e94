import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { executeStep, type StepTiming } from '../plan/execute.ts';
import { profileOf } from '../profiles/index.ts';
import type { SlotDigest } from '../slot/slot-step.ts';
import { withPreflight } from './preflight.ts';
import type { Session } from './session.ts';
import { checkSlotFits } from './slot-fit.ts';

/**
 * Runs the steps as far as the slot image.
 *
 * @throws MicroLinuxError of the steps, or `image-too-large`.
 */
export async function makeSlot(
  { plan, execute }: Session,
  config: Config,
  timings: StepTiming[],
): Promise<SlotDigest> {
  const { agent, node, rootfs, slot } = plan.steps;
  await executeStep(agent, execute, timings);
  await executeStep(node, execute, timings);
  await executeStep(withPreflight(rootfs, config, profileOf(config.profile)), execute, timings);
  const { digestFile } = await executeStep(slot, execute, timings);
  const digest = JSON.parse(await readFile(digestFile, 'utf8')) as SlotDigest;
  checkSlotFits(digest, config, execute.reporter);
  return digest;
}
