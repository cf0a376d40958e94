import type { TreeEntry } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Profile } from '../profiles/profile.ts';

/** What one area of the config adds to the system. */
export interface Contribution {
  /** Packages that the area needs, beside those of the profile. */
  readonly packages?: readonly string[];
  /** Files of the slot. A later entry replaces an earlier one with the same path. */
  readonly entries?: readonly TreeEntry[];
  /**
   * What `inspect` shows of it, by key of the config: plain JSON, short, without secrets. Areas that
   * add nothing leave it out.
   */
  readonly summary?: Readonly<Record<string, unknown>>;
}

/**
 * Turns an area of the config into files and packages. Pure: whatever it needs from the host is in
 * the config by then. All it returns is part of the cache keys.
 */
export type Area = (config: Config, profile: Profile) => Contribution;
