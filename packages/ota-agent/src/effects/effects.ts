import type { Slot } from '@micro-linux/core';
import type { AgentConfig } from '@micro-linux/provision';
import type { UpdateHead } from '@micro-linux/update-image';
import { type EnvWrites, envStore } from '../boot-env/env-store.ts';
import { withMountedSlot } from '../raw-device/mounted-slot.ts';
import { openDevice } from '../raw-device/open-device.ts';
import type { RawDevice } from '../raw-device/raw-device.ts';
import {
  type ApplyJournal,
  removeApplyJournal,
  writeApplyJournal,
} from '../state/apply-journal.ts';
import { appendHistory, type HistoryEvent } from '../state/history.ts';
import { clearRejection } from '../state/rejected.ts';
import { removeSlotHead, writeSlotHead } from '../state/slot-heads.ts';
import { removeTrial, type TrialRecord, writeTrial } from '../state/trial.ts';
import type { System } from '../system/system.ts';

/**
 * Everything that an apply changes, one function per change: a test wraps them and cuts power
 * before, after or within each. Synchronous ones have reached the disk when they return.
 */
export interface Effects {
  openSlot(path: string): Promise<RawDevice>;
  /** Calls `look` with a directory in which the slot is mounted read-only. */
  lookInto<T>(path: string, look: (root: string) => T): Promise<T>;
  readonly env: EnvWrites;
  readonly state: StateWrites;
}

/** Writes of single files of the state directory, each completely or not at all. */
export interface StateWrites {
  writeJournal(journal: ApplyJournal): void;
  removeJournal(): void;
  writeHead(slot: Slot, head: UpdateHead): void;
  removeHead(slot: Slot): void;
  writeTrial(trial: TrialRecord): void;
  removeTrial(): void;
  clearRejection(manifestSha256: string): void;
  appendHistory(event: HistoryEvent): void;
}

/** The real effects. */
export function realEffects(system: System, config: AgentConfig): Effects {
  const { state, esp, run, sysBlock } = system.paths;
  return {
    openSlot: (path) => openDevice(path, { run: system.run, sysBlock }),
    lookInto: (path, look) => withMountedSlot({ path, directory: run, run: system.run }, look),
    env: envStore(esp),
    state: {
      writeJournal: (journal) => writeApplyJournal(state, journal),
      removeJournal: () => removeApplyJournal(state),
      writeHead: (slot, head) => writeSlotHead(state, slot, head),
      removeHead: (slot) => removeSlotHead(state, slot),
      writeTrial: (trial) => writeTrial(state, trial),
      removeTrial: () => removeTrial(state),
      clearRejection: (manifestSha256) => clearRejection(state, manifestSha256),
      appendHistory: (event) => appendHistory(state, event, config.history),
    },
  };
}
