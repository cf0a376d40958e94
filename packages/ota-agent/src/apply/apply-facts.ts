import type { BootEnv, Slot } from '@micro-linux/core';
import type { UpdateHead } from '@micro-linux/update-image';
import type { DeviceUse } from '../raw-device/device-users.ts';
import type { ImageInfo } from '../slots/image-info.ts';
import type { ApplyJournal } from '../state/apply-journal.ts';
import type { Rejection } from '../state/rejected.ts';
import type { TrialRecord } from '../state/trial.ts';

/** What the user asked for. */
export interface ApplyOptions {
  /** Boots in which the new slot must become healthy, 1 to 7. */
  readonly tries: number;
  readonly reboot: boolean;
  /** Apply an image that failed before. */
  readonly retry: boolean;
  /** Apply a version that is older than the running one. */
  readonly forceDowngrade: boolean;
}

/** Everything that the plan of an apply depends on. */
export interface ApplyFacts {
  readonly options: ApplyOptions;
  readonly agent: {
    readonly version: string;
    /** As `uname -m` prints it. */
    readonly architecture: string;
  };
  readonly running: {
    readonly slot: Slot;
    readonly image: ImageInfo;
    /** The image its slot was installed from; undefined when unknown. */
    readonly head: UpdateHead | undefined;
    /**
     * Its image is below the rollback index, so it was not confirmed, but this boot was found
     * healthy: the device can roll back to it while a newer one is applied.
     */
    readonly acceptable: boolean;
  };
  /** The block `grubenv`; undefined when it is damaged. */
  readonly env: BootEnv | undefined;
  readonly target: TargetFacts;
  readonly update: UpdateFacts;
  /** The highest rollback index that was healthy here. */
  readonly rollbackIndex: number;
  readonly rejections: readonly Rejection[];
  /** The journal of an apply that did not finish. */
  readonly journal: ApplyJournal | undefined;
  /** An armed trial that this apply cancels; not one that it only renews. */
  readonly replaced: TrialRecord | undefined;
}

/** The slot that is not running. */
export interface TargetFacts {
  readonly slot: Slot;
  readonly path: string;
  readonly bytes: number;
  /** What uses it. */
  readonly users: readonly DeviceUse[];
  /**
   * Whether it contains exactly this update, complete: its head matches, and every chunk was
   * hashed.
   */
  readonly holdsUpdate: boolean;
}

export interface UpdateFacts {
  readonly head: UpdateHead;
  /** SHA-256 of the manifest's bytes, which identifies the image in rejections and trials. */
  readonly manifestSha256: string;
  /** The trusted keys that signed; the manifest of an update without them is not even parsed. */
  readonly signedBy: readonly string[];
}
