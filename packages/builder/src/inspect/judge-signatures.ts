import { MicroLinuxError } from '@micro-linux/core';
import {
  parsePublicKey,
  type TrustPolicy,
  type UpdateHead,
  verifyHead,
} from '@micro-linux/update-image';
import { NO_KEY_YET, type Trust } from '../keys/trust.ts';

/** How one signature stands with the trusted keys. */
export interface SignatureVerdict {
  readonly keyId: string;
  readonly status: 'good' | 'bad' | 'unknown' | 'revoked';
}

export interface Judgement {
  readonly signatures: readonly SignatureVerdict[];
  /** Whether a device with these keys would take the update. */
  readonly trusted: boolean;
  readonly untrustedBecause: string | undefined;
  /** The same as a device would say it: its code is the device's. */
  readonly refusal: MicroLinuxError | undefined;
}

/** Judges the signatures of an update as a device that trusts these keys would. */
export function judge(head: UpdateHead, trust: Trust): Judgement {
  const policy: TrustPolicy = {
    keys: trust.keys
      .filter(({ keyId }) => keyId !== NO_KEY_YET)
      .map(({ keyId, pem }) => parsePublicKey(pem, keyId)),
    revoked: new Set(trust.revoked),
    threshold: trust.threshold,
  };
  const refusal = refusalOf(head, policy);
  return {
    signatures: head.signatures.map((signature) => ({
      keyId: signature.keyId,
      status: statusOf(
        refusalOf({ ...head, signatures: [signature] }, { ...policy, threshold: 1 }),
      ),
    })),
    trusted: refusal === undefined,
    untrustedBecause: refusal?.message,
    refusal,
  };
}

function refusalOf(head: UpdateHead, policy: TrustPolicy): MicroLinuxError | undefined {
  try {
    verifyHead(head, policy);
    return undefined;
  } catch (error) {
    if (error instanceof MicroLinuxError) {
      return error;
    }
    throw error;
  }
}

function statusOf(refusal: MicroLinuxError | undefined): SignatureVerdict['status'] {
  switch (refusal?.code) {
    case undefined:
      return 'good';
    case 'key-unknown':
      return 'unknown';
    case 'key-revoked':
      return 'revoked';
    default:
      return 'bad';
  }
}
