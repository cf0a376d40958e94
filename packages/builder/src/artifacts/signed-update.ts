import { join } from 'node:path';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { Signer } from '../keys/signer.ts';
import type { Trust } from '../keys/trust.ts';
import type { ArtifactRecord } from './build-record.ts';

/**
 * The existing update that an ISO can use: it has as many signatures as devices require.
 * Undefined if this build has to make it.
 */
export function signedUpdate(
  kept: readonly ArtifactRecord[],
  trust: Trust,
  artifacts: string,
): string | undefined {
  const update = kept.find(({ kind }) => kind === 'update');
  const trusted = trust.keys.map(({ keyId }) => keyId);
  const signatures = update?.signedBy?.filter((keyId) => trusted.includes(keyId)) ?? [];
  return update && signatures.length >= trust.threshold ? join(artifacts, update.file) : undefined;
}

/** Whether an update that this build makes has all signatures that devices require. */
export function signsEnough(signer: Signer | undefined, trust: Trust): boolean {
  return signer !== undefined && trust.threshold <= 1;
}

/** An ISO installs only what is signed. */
export function isoUnsigned(trust: Trust): MicroLinuxError {
  return new MicroLinuxError({
    code: 'iso-unsigned',
    message: 'no ISO can be made: its update is not signed',
    why: `devices require ${trust.threshold} signature${trust.threshold === 1 ? '' : 's'} by trusted keys; an ISO contains the same update.img`,
    hint: './micro-linux build --detached, sign, ./micro-linux attach, then ./micro-linux iso',
    exitCode: ExitCode.rejected,
  });
}
