import { createHash } from 'node:crypto';

/**
 * A name-based UUID in lower case (RFC 9562 §5.8, version 8, from SHA-256): the same inputs give
 * the same UUID, so a rebuild gives the same disk. initramfs-tools finds a PARTUUID only in lower
 * case.
 */
export function derivedUuid(...names: readonly string[]): string {
  const bytes = createHash('sha256').update(names.join('\0')).digest().subarray(0, 16);
  // The version and the RFC's variant bits.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
