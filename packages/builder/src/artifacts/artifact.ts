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
  /** An update that can be had without making it: of the same slot, and signed by enough keys. */
  readonly signedUpdate: string | undefined;
  /** Leave out, with a word, what cannot be made; else that is an error. */
  readonly ifPossible: boolean;
}

/** What is known once the slot image is there. */
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
 * A kind of thing that a build leaves in the artifacts directory. One file in this folder and its line
 * in `ARTIFACTS` are all that one takes.
 */
export interface Artifact {
  /** The last step; what it needs follows from the plan. */
  readonly step: (plan: BuildPlan) => Step<unknown>;
  /** How many files it is. */
  readonly files: number;
  /** The hash of the password is in it: for its owner alone, and of no use once the password is lost. */
  readonly holdsLogin: boolean;
  /**
   * What a machine starts from. A new disk gets a new password; build.json tells of the last disk, or of
   * a medium where there is none.
   */
  readonly boots: 'disk' | 'medium' | undefined;
  /** The seed is in it: all that hold it hold the same one. */
  readonly holdsSeed: boolean;
  /** Keys sign it, now or by `attach`. */
  readonly signed: boolean;
  /** Programs and files that it needs beside those of every build. */
  readonly tools: readonly string[];
  /** Looks at a config before anything that takes long. @throws MicroLinuxError if it will not do. */
  readonly checkConfig?: (config: Config, reporter: Reporter) => void;
  /** Whether it can be made. @throws MicroLinuxError if not, and `ifPossible` is not set. */
  readonly canBegin?: (before: BeforeBuild) => boolean;
  /** The same, once the slot image is there. */
  readonly canGoOn?: (made: SlotMade) => Promise<boolean>;
  /** Reads what the step made; only the copy into the artifacts directory is left to do. */
  readonly ready: (kind: string, done: StepDone) => Promise<ReadyArtifact>;
  /** What people read of it when the build ends. One line with its path and size by default. */
  readonly summary?: (records: readonly ArtifactRecord[], artifacts: string) => readonly string[];
}

/** Kinds of artifacts by their names, in the order in which they are put into their place. */
export type Artifacts = Readonly<Record<string, Artifact>>;

/** The kind of a name that comes from the table. */
export function artifactOf(artifacts: Artifacts, kind: string): Artifact {
  const artifact = artifacts[kind];
  if (!artifact) {
    throw new RangeError(`no artifact is called ${kind}`);
  }
  return artifact;
}
