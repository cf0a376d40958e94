import { type Cursor, isLineEnd, isLineEndOrBlank, isWordCharacter } from './cursor.ts';
import type { Directive } from './token.ts';

/** Reads `&name` or `*name`. */
export function scanName(cursor: Cursor): string {
  cursor.forward();
  const name = cursor.takeWhile(isWordCharacter);
  if (name === '') {
    cursor.fail('& or * begins a name here; put the text in quotes');
  }
  if (!isLineEndOrBlank(cursor.peek()) && !'?:,]}%@`'.includes(cursor.peek())) {
    cursor.fail('a name behind & or * may have letters, digits, - and _ only');
  }
  return name;
}

/** Reads `!`, `!name`, `!handle!name` or `!<name>`. */
export function scanTag(cursor: Cursor): { handle: string | undefined; suffix: string } {
  const tag = scanTagItself(cursor);
  if (cursor.peek() !== ' ' && !isLineEnd(cursor.peek())) {
    cursor.fail('a tag (!) must be followed by a blank');
  }
  return tag;
}

function scanTagItself(cursor: Cursor) {
  const next = cursor.peek(1);
  if (next === '<') {
    cursor.forward(2);
    const suffix = scanUri(cursor);
    if (cursor.peek() !== '>') {
      cursor.fail('a tag (!<) is not closed by >');
    }
    cursor.forward();
    return { handle: undefined, suffix };
  }
  if (isLineEndOrBlank(next)) {
    cursor.forward();
    return { handle: undefined, suffix: '!' };
  }
  let length = 1;
  while (cursor.peek(length) !== ' ' && !isLineEnd(cursor.peek(length))) {
    if (cursor.peek(length) === '!') {
      return { handle: scanHandle(cursor), suffix: scanUri(cursor) };
    }
    length++;
  }
  cursor.forward();
  return { handle: '!', suffix: scanUri(cursor) };
}

/** Reads a directive after its `%`. */
export function scanDirective(cursor: Cursor): Directive {
  cursor.forward();
  const name = cursor.takeWhile(isWordCharacter);
  if (name === '' || (cursor.peek() !== ' ' && !isLineEnd(cursor.peek()))) {
    cursor.fail('% begins a directive here; put the text in quotes');
  }
  const directive = scanDirectiveValue(cursor, name);
  cursor.takeRestOfLine();
  return directive;
}

function scanDirectiveValue(cursor: Cursor, name: string): Directive {
  if (name === 'YAML') {
    cursor.skipSpaces();
    const [major, dot, minor] = [digits(cursor), cursor.take(1), digits(cursor)];
    if (major === '' || dot !== '.' || minor === '') {
      cursor.fail('%YAML must be followed by a version such as 1.1');
    }
    if (cursor.peek() !== ' ' && !isLineEnd(cursor.peek())) {
      cursor.fail('%YAML must be followed by a version such as 1.1');
    }
    return { name, major: Number(major) };
  }
  if (name === 'TAG') {
    cursor.skipSpaces();
    const handle = scanHandle(cursor);
    if (cursor.peek() !== ' ') {
      cursor.fail('%TAG must be followed by a handle and a prefix');
    }
    cursor.skipSpaces();
    const prefix = scanUri(cursor);
    if (cursor.peek() !== ' ' && !isLineEnd(cursor.peek())) {
      cursor.fail('%TAG must be followed by a handle and a prefix');
    }
    return { name, handle, prefix };
  }
  cursor.takeWhile((character) => !isLineEnd(character));
  return { name: 'other' };
}

function digits(cursor: Cursor): string {
  return cursor.takeWhile((character) => /^[0-9]$/.test(character));
}

/** `!`, `!!` or `!name!`. */
function scanHandle(cursor: Cursor): string {
  if (cursor.peek() !== '!') {
    cursor.fail('a handle must begin with !');
  }
  if (cursor.peek(1) === ' ') {
    return cursor.take(1);
  }
  const name = cursor.take(1) + cursor.takeWhile(isWordCharacter);
  if (cursor.peek() !== '!') {
    cursor.fail('a handle must end with !');
  }
  return name + cursor.take(1);
}

function scanUri(cursor: Cursor): string {
  let uri = '';
  for (;;) {
    uri += cursor.takeWhile((character) => /^[0-9A-Za-z\-;/?:@&=+$,_.!~*'()[\]]$/.test(character));
    if (cursor.peek() !== '%') {
      break;
    }
    uri += scanUriEscapes(cursor);
  }
  return uri === '' ? cursor.fail('! begins a tag here; put the text in quotes') : uri;
}

function scanUriEscapes(cursor: Cursor): string {
  const bytes: number[] = [];
  while (cursor.peek() === '%') {
    cursor.forward();
    if (!/^[0-9A-Fa-f]{2}$/.test(cursor.ahead(2))) {
      cursor.fail('% in a tag must be followed by two hexadecimal digits');
    }
    bytes.push(Number.parseInt(cursor.take(2), 16));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes),
    );
  } catch {
    return cursor.fail('a tag is not valid UTF-8');
  }
}
