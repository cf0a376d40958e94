import { join } from 'node:path';
import { MAX_TRIES, type Slot } from '@micro-linux/core';
import * as z from 'zod';
import { readStateFile, removeStateFile, writeStateFile } from './state-file.ts';
import { readStateRecord, slotSchema, timeSchema } from './state-record.ts';

/** What worked under the system that armed a trial, and must work under the new system. */
export interface Baseline {
  /** Services that ran. */
  readonly units: readonly string[];
  readonly defaultRoute: boolean;
  /** Whether sshd answered on this machine's port 22. */
  readonly sshd: boolean;
  /** Configured `host:port`s that accepted a connection. */
  readonly hosts: readonly string[];
}

/** A slot that was armed and is not settled yet: neither confirmed nor rolled back. */
export interface TrialRecord {
  readonly schema: 1;
  /** Whether an update was applied or a rollback was requested. */
  readonly kind: 'update' | 'rollback';
  readonly slot: Slot;
  readonly version: string;
  readonly buildId: string;
  /** SHA-256 of the manifest's bytes, which identifies this image in {@link Rejection}. */
  readonly manifestSha256: string;
  readonly rollbackIndex: number;
  readonly fromSlot: Slot;
  /** Null when the old image's version is unknown. */
  readonly fromVersion: string | null;
  /** When it was armed, by the device's clock. */
  readonly armedAt: string;
  /** The kernel's name for the boot in which it was armed. */
  readonly bootId: string;
  /** Number of boots for the slot. */
  readonly tries: number;
  /** Seconds after its start at which a trial boot that is not confirmed is ended. */
  readonly deadlineSeconds: number;
  readonly baseline: Baseline;
}

// Keys of a newer agent are dropped, not refused: after a fallback an older agent reads this.
const trialSchema = z.object({
  schema: z.literal(1),
  kind: z.enum(['update', 'rollback']),
  slot: slotSchema,
  version: z.string(),
  buildId: z.string(),
  manifestSha256: z.string(),
  rollbackIndex: z.int().min(0),
  fromSlot: slotSchema,
  fromVersion: z.string().nullable(),
  armedAt: timeSchema,
  bootId: z.string(),
  tries: z.int().min(1).max(MAX_TRIES),
  deadlineSeconds: z.int().min(1),
  baseline: z.object({
    units: z.array(z.string()),
    defaultRoute: z.boolean(),
    sshd: z.boolean(),
    hosts: z.array(z.string()),
  }),
});

/** The trial that is armed or running; undefined when there is none. @throws `state-unreadable`. */
export function readTrial(directory: string): TrialRecord | undefined {
  return readStateRecord(trialPath(directory), trialSchema);
}

/**
 * Writes the trial, and the deadline for the scripts that enforce it. The deadline is written
 * first, so that no trial is ever without one. Traces of earlier boots are removed, so that they
 * cannot be mistaken for traces of this trial.
 *
 * @throws MicroLinuxError `state-unwritable`.
 */
export function writeTrial(directory: string, trial: TrialRecord): void {
  removeStateFile(failurePath(directory));
  removeStateFile(join(directory, TRIAL_REPORT));
  writeStateFile(deadlinePath(directory), `${trial.deadlineSeconds}\n`);
  writeStateFile(trialPath(directory), `${JSON.stringify(trial, null, 2)}\n`);
}

/** The trial is settled. @throws MicroLinuxError `state-unwritable`. */
export function removeTrial(directory: string): void {
  removeStateFile(join(directory, TRIAL_REPORT));
  removeStateFile(trialPath(directory));
  removeStateFile(deadlinePath(directory));
  removeStateFile(failurePath(directory));
}

/** The record of the script that ended a trial boot; undefined when there is none. */
export function readTrialFailure(directory: string): string | undefined {
  return readStateFile(failurePath(directory));
}

/** The health report of a trial boot; health/report.ts writes it. */
export const TRIAL_REPORT = 'trial-health.json';

const trialPath = (directory: string) => join(directory, 'trial.json');
/** Written by systemd/scripts/end-trial. */
const failurePath = (directory: string) => join(directory, 'trial-failure');
/** Read by systemd/scripts/trial-deadline and by the initramfs. */
const deadlinePath = (directory: string) => join(directory, 'trial-deadline');
