import { printableLine } from '@micro-linux/core';

/** Every key of a manifest. */
const KEYS: ReadonlySet<string> = new Set([
  ...['format', 'schema', 'compatible', 'version', 'rollbackIndex', 'minimumAgent'],
  ...['architecture', 'profile', 'buildId', 'kernel', 'image'],
  ...['bytes', 'sha256', 'chunkBytes', 'chunks', 'frameBytes', 'frameSha256'],
]);
const LONGEST_KEY = Math.max(...[...KEYS].map((key) => key.length));

/** The manifest, its image, the list of chunks, one chunk. */
const MOST_DEPTH = 4;
/** Keys outside the chunks, and a few spare ones for duplicate keys. */
const OTHER_KEYS = 32;
/** The shortest chunk: its keys, two hashes and a one-digit number, without spaces. */
const LEAST_CHUNK_BYTES = 170;
const KEYS_PER_CHUNK = 3;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Why these bytes cannot be a manifest, found by counting alone, without building anything. JSON
 * that passes needs no more parser memory than a valid manifest of its length; without this check,
 * 16 MiB of `{},{},…` would need gigabytes.
 */
export function manifestShapeProblem(json: Buffer): string | undefined {
  const mostKeys = KEYS_PER_CHUNK * Math.floor(json.length / LEAST_CHUNK_BYTES) + OTHER_KEYS;
  let depth = 0;
  let keys = 0;
  let values = 0;
  let stringStart = 0;
  let stringEnd = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    switch (byte) {
      case QUOTE:
        stringStart = at + 1;
        stringEnd = endOfString(json, stringStart);
        at = stringEnd;
        break;
      case COLON: {
        const key = json.toString(
          'latin1',
          stringStart,
          Math.min(stringEnd, stringStart + LONGEST_KEY + 1),
        );
        if (!KEYS.has(key)) {
          return `unknown key ${JSON.stringify(printableLine(key))}`;
        }
        keys += 1;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        values += 1;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        break;
      case COMMA:
        values += 1;
        break;
      default:
    }
    if (depth > MOST_DEPTH) {
      return 'it is nested too deeply';
    }
    if (keys > mostKeys || values > 2 * mostKeys) {
      return 'it has more entries than its length has room for';
    }
  }
  return undefined;
}

/** Index of a string's closing quote; the length of `json` if there is none. */
function endOfString(json: Buffer, start: number): number {
  for (let at = start; ; at += 1) {
    const quote = json.indexOf(QUOTE, at);
    if (quote === -1) {
      return json.length;
    }
    let backslashes = 0;
    while (quote - 1 - backslashes >= start && json[quote - 1 - backslashes] === BACKSLASH) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return quote;
    }
    at = quote;
  }
}
