import { type EnvBlock, entriesOf, freeBytes, usedBytes } from '../block.ts';
import { byteStringToBytes, toUtf8 } from '../byte-string.ts';
import { fitsFirstSector } from '../first-sector.ts';

/** The variables as grub-editenv's `list` prints them, byte for byte; values are not escaped. */
export function listAsBytes(block: EnvBlock): Uint8Array {
  const text = entriesOf(block).map(({ name, value }) => `${name}=${value}\n`);
  return byteStringToBytes(text.join(''));
}

/**
 * The block as one line of JSON. `encoding` tells how to read names and values: `utf8` is plain
 * text; `latin1`, used if some bytes are not valid UTF-8, means one character for each byte.
 */
export function listAsJson(block: EnvBlock): string {
  const entries = entriesOf(block);
  const isUtf8 = entries.every(({ name, value }) => isText(name) && isText(value));
  const decode = (text: string) => (isUtf8 ? (toUtf8(text) ?? text) : text);
  const variables = entries.map(({ name, value }) => [decode(name), decode(value)] as const);
  const listing = {
    schema: 1,
    ok: true,
    encoding: isUtf8 ? 'utf8' : 'latin1',
    variables: Object.fromEntries(variables),
    usedBytes: usedBytes(block),
    freeBytes: freeBytes(block),
    fitsFirstSector: fitsFirstSector(block),
  };
  return `${JSON.stringify(listing)}\n`;
}

function isText(byteString: string): boolean {
  return toUtf8(byteString) !== undefined;
}
