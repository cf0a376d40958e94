import type { KeyPath, Problem, TreeEntry } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Profile } from '../profiles/profile.ts';

/** What should happen to a unit, and the key that says so. */
export interface UnitWish {
  readonly action: 'enable' | 'disable' | 'mask' | 'set-default';
  /** Its name with its kind, such as `nginx.service`. */
  readonly unit: string;
  readonly key: KeyPath;
}

/** A kernel module that the image must contain, and the key that needs it. */
export interface ModuleWish {
  readonly module: string;
  readonly key: KeyPath;
}

/** A file of the build host that the config names. */
export interface NamedFile {
  /** Absolute. */
  readonly path: string;
  readonly key: KeyPath;
  /** What is wrong with its content. */
  readonly check?: (content: Buffer) => Problem | undefined;
}

/** What one area of the config adds to the system. */
export interface Contribution {
  /** Packages that the area needs, beside those of the profile. */
  readonly packages?: readonly string[];
  /** Files of the slot. A later entry replaces an earlier one with the same path. */
  readonly entries?: readonly TreeEntry[];
  /** Units to enable, disable or mask in the slot, once packages and files are in it. */
  readonly units?: readonly UnitWish[];
  readonly modules?: readonly ModuleWish[];
  /** Files of the host whose content `entries` copy: they are checked before anything is built. */
  readonly files?: readonly NamedFile[];
  /**
   * What `inspect` shows of it, by key of the config: plain JSON, short, without secrets. Areas that
   * add nothing leave it out.
   */
  readonly summary?: Readonly<Record<string, unknown>>;
}

/**
 * Turns an area of the config into files and packages. Pure: whatever it needs from the host is in
 * the config by then. All it returns, apart from the summary, is part of the cache keys.
 */
export type Area = (config: Config, profile: Profile) => Contribution;
