import type { Manifest } from '../manifest.ts';
import type { RawHead } from './raw-head.ts';

/** A head whose manifest was parsed and is within bounds. */
export interface UpdateHead extends RawHead {
  readonly manifest: Manifest;
}
