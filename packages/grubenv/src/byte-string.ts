/**
 * GRUB knows bytes, not characters. Inside this package every name and value is a *byte string*: a
 * JavaScript string whose characters are U+0000 to U+00FF, one for each byte (latin1). ASCII is
 * unchanged, and bytes that are not valid UTF-8 survive a round trip.
 */

/** Bytes to a byte string; total and lossless. */
export function bytesToByteString(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * A byte string to bytes. The caller has checked {@link isByteString}.
 *
 * @internal Left out of the published types: they must not need Node's.
 */
export function byteStringToBytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** Whether every character is one byte, U+0000 to U+00FF. */
export function isByteString(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) {
      return false;
    }
  }
  return true;
}

/**
 * Text to the byte string of its UTF-8 form, for names and values beyond ASCII.
 *
 * @example setVariable(block, 'title', fromUtf8('Ubuntu – Größe'))
 */
export function fromUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

// ignoreBOM: a leading U+FEFF is part of the value and must be kept.
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A byte string to text.
 *
 * @returns undefined if the bytes are not valid UTF-8
 */
export function toUtf8(byteString: string): string | undefined {
  try {
    return strictUtf8.decode(byteStringToBytes(byteString));
  } catch {
    return undefined;
  }
}
