export { attachSignatures } from './attach-signatures.ts';
export { compressImage, type Payload } from './compress-image.ts';
export { DEFAULT_CHUNK_BYTES, DEFAULT_LEVEL, PAYLOAD_FORMAT } from './defaults.ts';
export { encodeManifest } from './encode-manifest.ts';
export { generateKeyPair } from './generate-key-pair.ts';
export { type PrivateKey, parsePrivateKey } from './private-key.ts';
export { signManifest } from './sign-manifest.ts';
export { writeUpdate } from './write-update.ts';
