import type { EnvBlock, EnvLine } from './block.ts';
import { bytesToByteString } from './byte-string.ts';
import { findLineEnd, unescapeValue } from './escape.ts';
import { BLOCK_BYTES, HEADER, PADDING, WARNING } from './format.ts';
import { damagedBlock, type GrubEnvError } from './grubenv-error.ts';

/**
 * Reads a block. Stricter than GRUB, which silently stops at the first line it cannot read: here
 * that is an error, so GRUB can read and edit every block that parses.
 *
 * @param bytes the whole file, 1024 bytes
 * @throws GrubEnvError with a `DamageCode` and, in `offset`, the first byte at fault
 */
export function parseBlock(bytes: Uint8Array): EnvBlock {
  if (bytes.length !== BLOCK_BYTES) {
    throw wrongSize(bytes.length);
  }
  const text = bytesToByteString(bytes);
  if (!text.startsWith(HEADER)) {
    throw damagedBlock(
      'missing-header',
      `the block does not begin with "${HEADER.trimEnd()}"`,
      'GRUB recognizes an environment block by this line and ignores the file without it',
      0,
    );
  }
  const warning = text.startsWith(WARNING, HEADER.length);
  const paddingStart = findPaddingStart(text);
  const lines: EnvLine[] = [];
  const names = new Set<string>();
  let at = HEADER.length + (warning ? WARNING.length : 0);
  while (at < paddingStart) {
    const line = parseLine(text, at);
    if (line.kind === 'entry') {
      if (names.has(line.name)) {
        throw duplicateName(line.name, at);
      }
      names.add(line.name);
    }
    lines.push(line);
    at += line.raw.length;
  }
  return { warning, lines };
}

/** The error for any other length than 1024 bytes; the file functions throw it before they read. */
export function wrongSize(bytes: number): GrubEnvError {
  return damagedBlock(
    'wrong-size',
    `the block has ${bytes} bytes, not ${BLOCK_BYTES}`,
    'GRUB cannot grow or shrink a file, so the size is fixed when the file is made',
    Math.min(bytes, BLOCK_BYTES),
  );
}

/** Index from which only `#` follows. GRUB finds the free space in the same way, from the end. */
function findPaddingStart(text: string): number {
  let start = text.length;
  while (text[start - 1] === PADDING) {
    start--;
  }
  return start;
}

function parseLine(text: string, start: number): EnvLine {
  const end = findLineEnd(text, start);
  const raw = text.slice(start, end + 1);
  if (text[start] === '#') {
    if (end === -1) {
      throw bytesAfterPadding(text, start);
    }
    return { kind: 'comment', raw: withoutNul(raw, start) };
  }
  const equals = text.indexOf('=', start);
  const firstNewline = text.indexOf('\n', start);
  if (equals === -1 || (firstNewline !== -1 && firstNewline < equals)) {
    throw damagedBlock(
      'entry-without-equals',
      `the line at byte ${start} has no "=": ${excerpt(text, start)}`,
      'every line is either a comment that begins with "#" or name=value',
      start,
    );
  }
  if (end === -1) {
    throw damagedBlock(
      'unterminated-value',
      `the entry at byte ${start} has no newline after its value: ${excerpt(text, start)}`,
      'GRUB ignores such an entry and refuses to save anything into the block',
      start,
    );
  }
  withoutNul(raw, start);
  return {
    kind: 'entry',
    name: text.slice(start, equals),
    value: unescapeValue(text.slice(equals + 1, end)),
    raw,
  };
}

function bytesAfterPadding(text: string, start: number): GrubEnvError {
  let offset = start;
  while (text[offset] === PADDING) {
    offset++;
  }
  return damagedBlock(
    'bytes-after-padding',
    `the block does not end in padding: ${excerpt(text, offset)} at byte ${offset}`,
    'only "#" may follow the last line; GRUB refuses to save anything into such a block',
    offset,
  );
}

function withoutNul(raw: string, start: number): string {
  const nul = raw.indexOf('\0');
  if (nul !== -1) {
    throw damagedBlock(
      'nul-byte',
      `zero byte at byte ${start + nul}`,
      'GRUB stores names and values as C strings, which end at a zero byte',
      start + nul,
    );
  }
  return raw;
}

function duplicateName(name: string, offset: number): GrubEnvError {
  return damagedBlock(
    'duplicate-name',
    `the variable ${JSON.stringify(name)} is in the block twice`,
    'GRUB would change the first and load the last, so a change would have no effect',
    offset,
  );
}

/** A short, printable piece of the block for a message. */
function excerpt(text: string, start: number): string {
  return JSON.stringify(text.slice(start, start + 24));
}
