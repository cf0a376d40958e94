import type { UpdateSource } from '@micro-linux/update-image';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Effects } from '../effects/effects.ts';
import type { RawDevice } from '../raw-device/raw-device.ts';
import type { Baseline } from '../state/trial.ts';
import type { System } from '../system/system.ts';
import type { ApplyFacts } from './apply-facts.ts';
import type { EtcEdit } from './etc-edits.ts';

/** What the steps of one apply work with. */
export interface ApplyContext {
  readonly facts: ApplyFacts;
  readonly config: AgentConfig;
  readonly system: System;
  readonly effects: Effects;
  readonly source: UpdateSource;
  readonly signal: AbortSignal;
  /** Milliseconds without a sign of life after which a stage has failed. */
  readonly stallMs: number;
  /** What a step leaves for those behind it. */
  readonly found: Found;
}

export interface Found {
  baseline?: Baseline;
  /** Open from `wipe` to `expose`. */
  device?: RawDevice;
  firstPage?: Buffer;
  written?: number;
  kept?: number;
  etc?: readonly EtcEdit[];
  /** What went wrong beside the point, for people. */
  readonly warnings: string[];
}
