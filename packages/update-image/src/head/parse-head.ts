import type { MicroLinuxError } from '@micro-linux/core';
import { Limit, MANIFEST_HEADER } from '../manifest.ts';
import { SKIPPABLE_HEADER_BYTES, SkippableMagic } from '../zstd/skippable-frame.ts';
import { notAnUpdate } from './not-an-update.ts';
import { manifestInvalid, parseManifest } from './parse-manifest.ts';
import type { RawHead } from './raw-head.ts';
import { checkSectionHeader } from './section.ts';
import { parseSignatures, signaturesInvalid } from './signatures.ts';
import type { UpdateHead } from './update-head.ts';

/** Bytes that the parser needs next; offsets only increase. */
export interface Want {
  readonly offset: number;
  readonly length: number;
}

/**
 * Parses a head as a generator: it yields the ranges it needs, receives their bytes and returns the
 * head. So one parser serves files, streams and buffers. It never requests more than {@link Limit}
 * allows. It reads only the first line of the manifest, which says by which rules it is signed.
 *
 * @throws MicroLinuxError `not-an-update`, `format-unsupported`, `manifest-invalid` when it is too
 *   long, `signatures-invalid`.
 */
export function* takeHeadApart(): Generator<Want, RawHead, Buffer> {
  const manifestFrame = yield* frame(0, SkippableMagic.manifest, Limit.manifestBytes, (why) =>
    manifestInvalid(why),
  );
  checkSectionHeader(manifestFrame.payload, MANIFEST_HEADER);
  const signaturesFrame = yield* frame(
    manifestFrame.end,
    SkippableMagic.signatures,
    Limit.signaturesBytes,
    (why) => signaturesInvalid(why),
  );
  return {
    manifestBytes: manifestFrame.payload,
    signatures: parseSignatures(signaturesFrame.payload),
    payloadOffset: signaturesFrame.end,
  };
}

/**
 * Parses the manifest of a head.
 *
 * @throws MicroLinuxError `manifest-invalid`.
 */
export function parseHead(raw: RawHead): UpdateHead {
  return { ...raw, manifest: parseManifest(raw.manifestBytes) };
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
    throw notAnUpdate(`at byte ${offset} is ${hex(found)}, not ${hex(magic)}`);
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
