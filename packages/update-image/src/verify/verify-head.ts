import { verify } from 'node:crypto';
import { MicroLinuxError } from '@micro-linux/core';
import type { RawHead } from '../head/raw-head.ts';
import { rejected } from '../update-error.ts';
import type { TrustPolicy } from './trust.ts';

const REFUSALS: ReadonlySet<string> = new Set([
  'signature-invalid',
  'signature-missing',
  'key-revoked',
  'key-unknown',
]);

/** Whether {@link verifyHead} threw this error: the update is not trusted and was not parsed. */
export function isSignatureRefusal(error: unknown): error is MicroLinuxError {
  return error instanceof MicroLinuxError && REFUSALS.has(error.code);
}

/** Bytes that are signed, and by which keys. */
type Signed = Pick<RawHead, 'manifestBytes' | 'signatures'>;

/** The signatures of a head under a policy: key ids, in the file's order. */
interface Tally {
  readonly good: readonly string[];
  readonly revoked: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * Checks the signatures over a manifest. Signatures of unknown and of revoked keys are ignored, so
 * that keys can be rotated; an invalid signature of a trusted key is an error.
 *
 * @param subject what is signed, for messages.
 * @returns ids of the trusted keys that signed, at least `trust.threshold`.
 * @throws MicroLinuxError `signature-invalid`, `signature-missing`, `key-revoked`, `key-unknown`.
 * @throws RangeError for a threshold below 1.
 */
export function verifyHead(
  head: Signed,
  trust: TrustPolicy,
  subject = 'the update',
): readonly string[] {
  if (!Number.isInteger(trust.threshold) || trust.threshold < 1) {
    throw new RangeError(`threshold must be 1 or more, not ${trust.threshold}`);
  }
  const tally = count(head, trust, subject);
  if (tally.good.length < trust.threshold) {
    throw shortfall(tally, trust, subject);
  }
  return tally.good;
}

function count({ manifestBytes, signatures }: Signed, trust: TrustPolicy, subject: string): Tally {
  const keys = new Map(trust.keys.map(({ keyId, key }) => [keyId, key]));
  const good = new Set<string>();
  const revoked: string[] = [];
  const unknown: string[] = [];
  for (const { keyId, signature } of signatures) {
    const key = keys.get(keyId);
    if (trust.revoked.has(keyId)) {
      revoked.push(keyId);
    } else if (!key) {
      unknown.push(keyId);
    } else if (verify(null, manifestBytes, key, Buffer.from(signature, 'base64'))) {
      good.add(keyId);
    } else {
      throw rejected({
        code: 'signature-invalid',
        message: `the signature of key ${keyId} does not match ${subject}`,
        why: 'its manifest was changed after it was signed, or the signature was damaged',
        hint: `get ${subject} again, from where it was published`,
        details: { keyId },
      });
    }
  }
  return { good: [...good], revoked, unknown };
}

function shortfall(
  { good, revoked, unknown }: Tally,
  trust: TrustPolicy,
  subject: string,
): MicroLinuxError {
  const missing = trust.threshold - good.length;
  const why = `${good.length} of ${trust.threshold} needed signatures are by trusted keys`;
  const details = { signatures: good.length, threshold: trust.threshold };
  if (revoked.length >= missing) {
    return rejected({
      code: 'key-revoked',
      message: `${subject} is signed by a revoked key: ${revoked.join(', ')}`,
      why,
      hint: `get ${subject} signed by a key that is still trusted`,
      details: { ...details, keyId: revoked.join(' ') },
    });
  }
  if (unknown.length > 0) {
    return rejected({
      code: 'key-unknown',
      message: `${subject} is signed by a key that is not trusted here: ${unknown.join(', ')}`,
      why:
        trust.keys.length === 0
          ? 'no key is trusted here'
          : `${why}; trusted: ${trust.keys.map(({ keyId }) => keyId).join(', ')}`,
      details: { ...details, keyId: unknown.join(' ') },
    });
  }
  return rejected({
    code: 'signature-missing',
    message:
      good.length + revoked.length === 0
        ? `${subject} is not signed`
        : `signatures of ${subject} are missing`,
    why,
    details,
  });
}
