import type { MicroLinuxError } from '@micro-linux/core';
import { Limit } from '../manifest.ts';
import { SKIPPABLE_HEADER_BYTES, SkippableMagic } from '../zstd/skippable-frame.ts';
import { notAnUpdate } from './not-an-update.ts';
import { manifestInvalid, parseManifest } from './parse-manifest.ts';
import { parseSignatures, signaturesInvalid } from './signatures.ts';
import type { UpdateHead } from './update-head.ts';

/** Bytes that the parser wants next; it goes forwards only. */
export interface Want {
  readonly offset: number;
  readonly length: number;
}

/**
 * Parses a head: yields the bytes it wants, is given them, returns the head. So one parser serves
 * files, streams and buffers. It never wants more than {@link Limit} allows.
 *
 * @throws MicroLinuxError `not-an-update`, `format-unsupported`, `manifest-invalid`,
 *   `signatures-invalid`.
 */
export function* parseHead(): Generator<Want, UpdateHead, Buffer> {
  const manifestFrame = yield* frame(0, SkippableMagic.manifest, Limit.manifestBytes, (why) =>
    manifestInvalid(why),
  );
  const manifest = parseManifest(manifestFrame.payload);
  const signaturesFrame = yield* frame(
    manifestFrame.end,
    SkippableMagic.signatures,
    Limit.signaturesBytes,
    (why) => signaturesInvalid(why),
  );
  return {
    manifestBytes: manifestFrame.payload,
    manifest,
    signatures: parseSignatures(signaturesFrame.payload),
    payloadOffset: signaturesFrame.end,
  };
}

function* frame(
  offset: number,
  magic: number,
  maximum: number,
  invalid: (why: string) => MicroLinuxError,
): Generator<Want, { payload: Buffer; end: number }, Buffer> {
  const header = yield { offset, length: SKIPPABLE_HEADER_BYTES };
  const found = header.readUInt32LE(0);
  if (found !== magic) {
    throw notAnUpdate(`at byte ${offset} stands ${hex(found)}, not ${hex(magic)}`);
  }
  const length = header.readUInt32LE(4);
  if (length > maximum) {
    throw invalid(`it claims ${length} bytes; at most ${maximum} are allowed`);
  }
  const start = offset + SKIPPABLE_HEADER_BYTES;
  const payload = yield { offset: start, length };
  return { payload, end: start + length };
}

function hex(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}
