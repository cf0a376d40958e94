import type { Reporter } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import type { Signer } from '../keys/signer.ts';
import type { Trust } from '../keys/trust.ts';
import type { Step } from '../plan/step.ts';
import type { BuildPlan } from '../steps/plan-build.ts';
import type { ArtifactRecord } from './build-record.ts';
import type { ReadyArtifact } from './ready-artifact.ts';

/** What is known before anything is built. */
export interface BeforeBuild {
  readonly config: Config;
  readonly reporter: Reporter;
  readonly trust: Trust;
  readonly signer: Signer | undefined;
  /** An existing update of the same slot, signed by enough keys. */
  readonly signedUpdate: string | undefined;
  /** Skip what cannot be made, with a notice; otherwise that is an error. */
  readonly ifPossible: boolean;
}

/** What is known once the slot image exists. */
export interface SlotMade {
  readonly plan: BuildPlan;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly ifPossible: boolean;
}

/** What is known once the step has run. */
export interface StepDone {
  readonly plan: BuildPlan;
  readonly trust: Trust;
  readonly signer: Signer | undefined;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * A kind of file that a build leaves in the artifacts directory. It needs one file in this folder and a line
 * in `ARTIFACTS`.
 */
export interface Artifact {
  /** The last step; what it needs follows from the plan. */
  readonly step: (plan: BuildPlan) => Step<unknown>;
  /** How many files it is. */
  readonly files: number;
  /**
   * Contains the hash of the password: only its owner may read it, and it is useless once the
   * password is lost.
   */
  readonly holdsLogin: boolean;
  /**
   * What a machine boots. A new disk gets a new password; build.json describes the last disk, or a
   * medium if there is no disk.
   */
  readonly boots: 'disk' | 'medium' | undefined;
  /** Contains the seed; all artifacts contain the same one. */
  readonly holdsSeed: boolean;
  /** Keys sign it, now or by `attach`. */
  readonly signed: boolean;
  /** Programs and files that it needs in addition to those of every build. */
  readonly tools: readonly string[];
  /** Checks a config before anything slow. @throws MicroLinuxError if it cannot be used. */
  readonly checkConfig?: (config: Config, reporter: Reporter) => void;
  /** Whether it can be made. @throws MicroLinuxError if not, and `ifPossible` is not set. */
  readonly canBegin?: (before: BeforeBuild) => boolean;
  /** The same, once the slot image exists. */
  readonly canGoOn?: (made: SlotMade) => Promise<boolean>;
  /** Reads what the step made; only the copy into the artifacts directory is left to do. */
  readonly ready: (kind: string, done: StepDone) => Promise<ReadyArtifact>;
  /** What the summary of the build prints. One line with its path and size by default. */
  readonly summary?: (records: readonly ArtifactRecord[], artifacts: string) => readonly string[];
}

/** Kinds of artifacts by name, in the order in which they are published. */
export type Artifacts = Readonly<Record<string, Artifact>>;

/** The kind of a name that comes from the table. */
export function artifactOf(artifacts: Artifacts, kind: string): Artifact {
  const artifact = artifacts[kind];
  if (!artifact) {
    throw new RangeError(`no artifact is called ${kind}`);
  }
  return artifact;
}
