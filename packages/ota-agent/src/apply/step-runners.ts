import { armSlot } from '../boot-env/arm-slot.ts';
import { condemnSlot } from '../boot-env/condemn-slot.ts';
import { captureBaseline } from '../health/baseline.ts';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { type Guarded, withStallGuard } from '../progress/stall-guard.ts';
import { expose, wipe } from '../slot-image/read-back.ts';
import { writeChunks } from '../slot-image/write-chunks.ts';
import type { ApplyContext } from './apply-context.ts';
import { etcEdits } from './etc-edits.ts';
import { finishApply } from './finish-apply.ts';
import { inspectSlot } from './inspect-slot.ts';
import { claimedChunks } from './plan-apply.ts';
import type { ResultOf, StepResults } from './step-results.ts';
import type { StepKind, StepOf } from './steps.ts';
import { updateTrial } from './update-trial.ts';

/** Input of a step besides the context of the apply. */
interface StepEdge {
  /** Of the steps before it. */
  readonly results: StepResults;
  readonly advance: (doneBytes: number, totalBytes: number) => void;
}

/** Does one step and returns its result. */
type StepRunner<Kind extends StepKind> = (
  context: ApplyContext,
  step: StepOf<Kind>,
  edge: StepEdge,
) => Promise<ResultOf<Kind>>;

/** Runs each kind of step; the compiler checks that none is missing. */
export const stepRunners: {
  readonly [Kind in StepKind]: StepRunner<Kind>;
} = {
  async accept({ system }) {
    return (await markBoot(system, { acceptOlderIndex: true })).problems;
  },

  baseline: (context) =>
    guarded(context, 'noting what works now', () =>
      captureBaseline(context.system, context.config),
    ),

  async begin({ effects, facts, system }, { slot, version }) {
    const { manifestSha256 } = facts.update;
    const chunks = claimedChunks(facts);
    effects.state.writeJournal({ schema: 1, slot, manifestSha256, version, chunks });
    if (facts.replaced) {
      // Before the trial leaves GRUB's environment: otherwise the next boot would count it as
      // failed.
      effects.state.appendHistory({
        event: 'interrupted',
        at: system.now().toISOString(),
        slot: facts.replaced.slot,
        version: facts.replaced.version,
        replacedBy: version,
      });
    }
  },

  async condemn({ system, effects }, { slot }) {
    await condemnSlot(system, effects.env, slot);
  },

  // The trial first: it is no longer in GRUB's environment.
  async forget({ effects }, { slot }) {
    effects.state.removeTrial();
    effects.state.removeHead(slot);
  },

  async wipe(context) {
    const device = await context.effects.openSlot(context.facts.target.path);
    try {
      await guarded(context, 'wiping the slot', () => wipe(device));
    } catch (error) {
      // A disk that does not respond must not delay the error report.
      void device.close().catch(() => undefined);
      throw error;
    }
    return device;
  },

  async write(context, { slot, claimed }, { results, advance }) {
    const { effects, facts, source } = context;
    const { head, manifestSha256 } = facts.update;
    const { version } = head.manifest;
    return guarded(context, 'writing the slot', (guard) =>
      writeChunks({
        source,
        head,
        slot: results.get('wipe'),
        claimed,
        note: (chunks) =>
          effects.state.writeJournal({ schema: 1, slot, manifestSha256, version, chunks }),
        guard,
        onProgress: advance,
      }),
    );
  },

  async expose(context, _step, { results }) {
    const device = results.get('wipe');
    const { firstPage } = results.get('write');
    await guarded(context, 'making the slot loadable', () => expose(device, firstPage));
    // While this holds the device, nobody can mount it.
    await device.close();
  },

  async inspect(context) {
    const { facts, system, effects } = context;
    const { path, holdsUpdate } = facts.target;
    const { manifest } = facts.update.head;
    const { etcChanges, etcOfImage } = system.paths;
    try {
      return await effects.lookInto(path, (root) => {
        inspectSlot(root, manifest);
        return etcEdits({ changes: etcChanges, oldImage: etcOfImage, newImage: `${root}/etc` });
      });
    } catch (error) {
      if (!holdsUpdate) {
        // The fault of the image matters more than a failure to hide it.
        await hideAgain(context).catch(() => undefined);
      }
      throw error;
    }
  },

  async remember({ effects, facts }, { slot }) {
    effects.state.writeHead(slot, facts.update.head);
  },

  async trial({ effects, facts, config, system }, { tries }, { results }) {
    const baseline = results.get('baseline');
    effects.state.writeTrial(updateTrial(facts, baseline, { system, config, tries }));
  },

  async arm({ system, effects, facts }, { slot, tries }) {
    await armSlot(system, effects.env, { slot, running: facts.running.slot, tries });
  },

  finish: (context, _step, { results }) => finishApply(context, results.get('inspect')),

  async reboot({ system }) {
    await system.reboot();
  },
};

function guarded<T>(
  { stallMs, signal }: ApplyContext,
  stage: string,
  action: (guard: Guarded) => Promise<T>,
): Promise<T> {
  return withStallGuard({ stage, stallMs, signal }, action);
}

/** GRUB must not find an image that cannot boot, even when its environment is lost. */
async function hideAgain({ effects, facts }: ApplyContext): Promise<void> {
  const device = await effects.openSlot(facts.target.path);
  try {
    await wipe(device);
  } finally {
    await device.close();
  }
  effects.state.removeJournal();
}
