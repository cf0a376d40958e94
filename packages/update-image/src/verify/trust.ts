import type { PublicKey } from '../keys/public-key.ts';

/** Whose signatures this device accepts. */
export interface TrustPolicy {
  readonly keys: readonly PublicKey[];
  /** Ids of keys whose signatures never count, trusted or not. */
  readonly revoked: ReadonlySet<string>;
  /** How many different trusted keys must have signed; at least 1. */
  readonly threshold: number;
}
