import { MicroLinuxError } from '@micro-linux/core';
import {
  parsePublicKey,
  type TrustPolicy,
  type UpdateHead,
  verifyHead,
} from '@micro-linux/update-image';
import { NO_KEY_YET, type Trust } from '../../keys/trust.ts';

/** Bytes that are signed, and by whom. */
type Signed = Pick<UpdateHead, 'manifestBytes' | 'signatures'>;

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

/**
 * Judges signatures as a device that trusts these keys would.
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
