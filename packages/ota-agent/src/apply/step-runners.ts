import { armSlot } from '../boot-env/arm-slot.ts';
import { condemnSlot } from '../boot-env/condemn-slot.ts';
import { captureBaseline } from '../health/baseline.ts';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { type Guarded, withStallGuard } from '../progress/stall-guard.ts';
import type { RawDevice } from '../raw-device/raw-device.ts';
import { expose, wipe } from '../slot-image/read-back.ts';
import { writeChunks } from '../slot-image/write-chunks.ts';
import type { ApplyContext } from './apply-context.ts';
import { etcEdits } from './etc-edits.ts';
import { finishApply } from './finish-apply.ts';
import { inspectSlot } from './inspect-slot.ts';
import { claimedChunks } from './plan-apply.ts';
import type { ApplyStep, StepKind } from './steps.ts';
import { updateTrial } from './update-trial.ts';

/** Does one step; gives a word for people, if there is one to say. */
type StepRunner<Step extends ApplyStep> = (
  context: ApplyContext,
  step: Step,
  advance: (doneBytes: number, totalBytes: number) => void,
) => Promise<string | undefined>;

/** How each kind of step is done; the compiler sees to it that none is missing. */
export const stepRunners: {
  readonly [Kind in StepKind]: StepRunner<Extract<ApplyStep, { kind: Kind }>>;
} = {
  async accept({ system, found }) {
    const { problems } = await markBoot(system, { acceptOlderIndex: true });
    found.warnings.push(...problems);
    return undefined;
  },

  async baseline(context) {
    const { system, config, found } = context;
    found.baseline = await guarded(context, 'noting what works now', () =>
      captureBaseline(system, config),
    );
    return `${found.baseline.units.length} services`;
  },

  async begin({ effects, facts, system }, { slot, version }) {
    const { manifestSha256 } = facts.update;
    const chunks = claimedChunks(facts);
    effects.state.writeJournal({ schema: 1, slot, manifestSha256, version, chunks });
    if (facts.replaced) {
      // Before GRUB forgets that trial: else the next boot would take it for one that failed.
      effects.state.appendHistory({
        event: 'interrupted',
        at: system.now().toISOString(),
        slot: facts.replaced.slot,
        version: facts.replaced.version,
        replacedBy: version,
      });
    }
    return undefined;
  },

  async condemn({ system, effects }, { slot }) {
    await condemnSlot(system, effects.env, slot);
    return undefined;
  },

  // The trial first: GRUB has been told to forget it, and what it would have led to goes now.
  async forget({ effects }, { slot }) {
    effects.state.removeTrial();
    effects.state.removeHead(slot);
    return undefined;
  },

  async wipe(context) {
    const device = await context.effects.openSlot(context.facts.target.path);
    context.found.device = device;
    await guarded(context, 'wiping the slot', () => wipe(device));
    return undefined;
  },

  async write(context, { slot, claimed }, advance) {
    const { effects, facts, source, found } = context;
    const { head, manifestSha256 } = facts.update;
    const { version } = head.manifest;
    const result = await guarded(context, 'writing the slot', (guard) =>
      writeChunks({
        source,
        head,
        slot: opened(context),
        claimed,
        note: (chunks) =>
          effects.state.writeJournal({ schema: 1, slot, manifestSha256, version, chunks }),
        guard,
        onProgress: advance,
      }),
    );
    found.firstPage = result.firstPage;
    found.written = result.written;
    found.kept = result.kept;
    return result.kept === 0 ? undefined : `${result.kept} chunks were there already`;
  },

  async expose(context) {
    const device = opened(context);
    const firstPage = pageOf(context);
    await guarded(context, 'making the slot loadable', () => expose(device, firstPage));
    delete context.found.device;
    // Nobody can mount it as long as it is held here.
    await device.close();
    return undefined;
  },

  async inspect(context, { slot }) {
    const { facts, found, system, effects } = context;
    const { path, holdsUpdate } = facts.target;
    const { manifest } = facts.update.head;
    const { etcChanges, etcOfImage } = system.paths;
    try {
      found.etc = await effects.lookInto(path, (root) => {
        inspectSlot(root, manifest);
        return etcEdits({ changes: etcChanges, oldImage: etcOfImage, newImage: `${root}/etc` });
      });
    } catch (error) {
      if (!holdsUpdate) {
        // What is wrong with the image matters more than that it could not be hidden.
        await hideAgain(context).catch(() => undefined);
      }
      throw error;
    }
    return found.etc.length === 0
      ? undefined
      : `slot ${slot} runs with ${found.etc.length} changed files of /etc`;
  },

  async remember({ effects, facts }, { slot }) {
    effects.state.writeHead(slot, facts.update.head);
    return undefined;
  },

  async trial({ effects, facts, config, system, found }, { tries }) {
    if (!found.baseline) {
      throw new TypeError('the baseline comes first');
    }
    effects.state.writeTrial(updateTrial(facts, found.baseline, { system, config, tries }));
    return undefined;
  },

  async arm({ system, effects, facts }, { slot, tries }) {
    await armSlot(system, effects.env, { slot, running: facts.running.slot, tries });
    return undefined;
  },

  async finish(context) {
    await finishApply(context);
    return undefined;
  },

  async reboot({ system }) {
    await system.reboot();
    return undefined;
  },
};

function guarded<T>(
  { stallMs, signal }: ApplyContext,
  stage: string,
  action: (guard: Guarded) => Promise<T>,
): Promise<T> {
  return withStallGuard({ stage, stallMs, signal }, action);
}

/** An image that cannot boot must not be found by GRUB when it knows nothing else. */
async function hideAgain({ effects, facts }: ApplyContext): Promise<void> {
  const device = await effects.openSlot(facts.target.path);
  try {
    await wipe(device);
  } finally {
    await device.close();
  }
  effects.state.removeJournal();
}

function opened({ found }: ApplyContext): RawDevice {
  if (!found.device) {
    throw new TypeError('the slot is opened by the step that wipes it');
  }
  return found.device;
}

function pageOf({ found }: ApplyContext): Buffer {
  if (!found.firstPage) {
    throw new TypeError('the slot is written first');
  }
  return found.firstPage;
}
