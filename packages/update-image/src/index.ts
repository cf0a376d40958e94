export { checkFrame } from './chunks/check-frame.ts';
export {
  type ChunkPlace,
  chunkPlaces,
  frameRanges,
  payloadBytes,
  seekTableOf,
  updateFileBytes,
} from './chunks/chunk-places.ts';
export { decodeChunk } from './chunks/decode-chunk.ts';
export { releaseBuffer } from './chunks/release-buffer.ts';
export {
  encodeSignatureFile,
  parseSignatureFile,
  SIGNATURE_FILE_BYTES,
} from './detached/signature-file.ts';
export { decodeHead, encodeHead } from './head/encode-head.ts';
export { readHead, readVerifiedHead, type VerifiedHead } from './head/read-head.ts';
export type { ManifestSignature } from './head/signatures.ts';
export type { UpdateHead } from './head/update-head.ts';
export { KEY_ID_PATTERN } from './keys/key-id.ts';
export { type PublicKey, parsePublicKey } from './keys/public-key.ts';
export {
  Limit,
  MANIFEST_HEADER,
  type Manifest,
  type ManifestChunk,
  manifestSchema,
} from './manifest.ts';
export type { SourceRange, UpdateSource } from './source.ts';
export { fileSource } from './sources/file-source.ts';
export { streamSource } from './sources/stream-source.ts';
export type { TrustPolicy } from './verify/trust.ts';
export { isSignatureRefusal, verifyHead } from './verify/verify-head.ts';
