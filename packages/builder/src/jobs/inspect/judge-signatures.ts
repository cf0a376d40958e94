import { MicroLinuxError } from '@micro-linux/core';
import {
  parsePublicKey,
  type TrustPolicy,
  type UpdateHead,
  verifyHead,
} from '@micro-linux/update-image';
import { NO_KEY_YET, type Trust } from '../../keys/trust.ts';

/** Signed bytes and their signatures. */
type Signed = Pick<UpdateHead, 'manifestBytes' | 'signatures'>;

/** The verdict on one signature. */
export interface SignatureVerdict {
  readonly keyId: string;
  readonly status: 'good' | 'bad' | 'unknown' | 'revoked';
}

export interface Judgement {
  readonly signatures: readonly SignatureVerdict[];
  /** Whether a device with these keys would accept the update. */
  readonly trusted: boolean;
  readonly untrustedBecause: string | undefined;
  /** The error of a device, with the same code. */
  readonly refusal: MicroLinuxError | undefined;
}

/**
 * Checks signatures like a device that trusts these keys.
 *
 * @param subject what is signed, for messages.
 */
export function judge(head: Signed, trust: Trust, subject = 'the update'): Judgement {
  const policy: TrustPolicy = {
    keys: trust.keys
      .filter(({ keyId }) => keyId !== NO_KEY_YET)
      .map(({ keyId, pem }) => parsePublicKey(pem, keyId)),
    revoked: new Set(trust.revoked),
    threshold: trust.threshold,
  };
  const refusal = refusalOf(head, policy, subject);
  return {
    signatures: head.signatures.map((signature) => ({
      keyId: signature.keyId,
      status: statusOf(
        refusalOf({ ...head, signatures: [signature] }, { ...policy, threshold: 1 }, subject),
      ),
    })),
    trusted: refusal === undefined,
    untrustedBecause: refusal?.message,
    refusal,
  };
}

function refusalOf(
  head: Signed,
  policy: TrustPolicy,
  subject: string,
): MicroLinuxError | undefined {
  try {
    verifyHead(head, policy, subject);
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
