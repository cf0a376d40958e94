import { type Cursor, END, isLineBreak } from './cursor.ts';

/** Escapes in double quotes: the character after `\`, and what it represents. */
const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '\\': '\\',
  '/': '/',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** Number of hexadecimal digits that follow. */
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const LAST_CODE_POINT = 0x10_ff_ff;

/** Reads a quoted text, both quotes included. */
export function scanQuoted(cursor: Cursor): string {
  const isDouble = cursor.peek() === '"';
  const quote = cursor.take(1);
  let value = scanWords(cursor, isDouble);
  while (cursor.peek() !== quote) {
    value += scanGap(cursor);
    value += scanWords(cursor, isDouble);
  }
  cursor.forward();
  return value;
}

function scanWords(cursor: Cursor, isDouble: boolean): string {
  let value = '';
  for (;;) {
    value += cursor.takeWhile(
      (character) => !(isBlank(character) || isLineBreak(character) || `'"\\`.includes(character)),
    );
    const character = cursor.peek();
    if (!isDouble && character === "'" && cursor.peek(1) === "'") {
      value += "'";
      cursor.forward(2);
    } else if (isDouble ? character === "'" : character === '"' || character === '\\') {
      value += cursor.take(1);
    } else if (isDouble && character === '\\') {
      value += scanEscape(cursor);
    } else {
      return value;
    }
  }
}

function scanEscape(cursor: Cursor): string {
  cursor.forward();
  const character = cursor.peek();
  if (isLineBreak(character)) {
    cursor.takeLineBreak();
    return scanBreaks(cursor);
  }
  if (Object.hasOwn(ESCAPES, character) && character !== END) {
    cursor.forward();
    return ESCAPES[character] ?? '';
  }
  const length = Object.hasOwn(HEX_ESCAPES, character) ? HEX_ESCAPES[character] : undefined;
  if (length === undefined) {
    return cursor.fail('unknown escape (\\) in double quotes');
  }
  cursor.forward();
  const digits = cursor.ahead(length);
  const code = Number.parseInt(digits, 16);
  if (!/^[0-9A-Fa-f]+$/.test(digits) || digits.length !== length || code > LAST_CODE_POINT) {
    return cursor.fail('an escape (\\) in double quotes has no valid number');
  }
  cursor.forward(length);
  return String.fromCodePoint(code);
}

/** Blanks or line breaks within a quoted text. */
function scanGap(cursor: Cursor): string {
  const blanks = cursor.takeWhile(isBlank);
  if (cursor.peek() === END) {
    return cursor.fail('a quote is left open');
  }
  if (!isLineBreak(cursor.peek())) {
    return blanks;
  }
  const first = cursor.takeLineBreak();
  const further = scanBreaks(cursor);
  return first === '\n' ? further || ' ' : first + further;
}

function scanBreaks(cursor: Cursor): string {
  let breaks = '';
  for (;;) {
    if (cursor.atDocumentMarker()) {
      return cursor.fail('a quote is left open: a document ends (--- or ...) within it');
    }
    cursor.takeWhile(isBlank);
    if (!isLineBreak(cursor.peek())) {
      return breaks;
    }
    breaks += cursor.takeLineBreak();
  }
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
