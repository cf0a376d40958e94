import type { AgentConfig } from '@micro-linux/provision';
import type { UpdateSource } from '@micro-linux/update-image';
import type { Effects } from '../effects/effects.ts';
import type { System } from '../system/system.ts';
import type { ApplyFacts } from './apply-facts.ts';

/** What the steps of one apply work with. */
export interface ApplyContext {
  readonly facts: ApplyFacts;
  readonly config: AgentConfig;
  readonly system: System;
  readonly effects: Effects;
  readonly source: UpdateSource;
  readonly signal: AbortSignal;
  /** Milliseconds without progress after which a stage fails. */
  readonly stallMs: number;
}
