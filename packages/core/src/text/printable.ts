/**
 * Characters that change how a terminal or a log displays the surrounding text: control characters
 * (C0 and C1, so ESC too), formatting ones (bidirectional overrides, zero width), line and
 * paragraph separators, halves of surrogate pairs, and invisible ones, such as unassigned tags.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Maximum number of characters of one message that is printed or logged. */
export const MESSAGE_CHARACTERS = 4096;

/** Maximum number of characters of one line of a result, which may be a file or a command. */
const LINE_CHARACTERS = 65_536;

/**
 * One line of untrusted text, safe to print: characters that a terminal would interpret are escaped
 * as `\x1b` or `\u202e`, including line ends. Text that is too long is cut, with a note.
 */
export function printableLine(text: string, maximum: number = MESSAGE_CHARACTERS): string {
  return bounded(text, maximum).replace(UNSAFE, escaped);
}

/** The same for text of several lines: line ends and tabs are kept. */
export function printableText(text: string, maximum: number = MESSAGE_CHARACTERS): string {
  return bounded(text, maximum)
    .replaceAll('\r\n', '\n')
    .replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

/** A whole result of any length, but each of its lines is bounded. */
export function printableResult(text: string): string {
  return text
    .split('\n')
    .map((line) => printableText(line, LINE_CHARACTERS))
    .join('\n');
}

/** JSON in one line without characters that a terminal interprets; its meaning is the same. */
export function printableJson(value: unknown): string {
  // Outside strings, JSON has none of these characters; inside, an escape means the same.
  return JSON.stringify(value).replace(UNSAFE, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${hex(character.charCodeAt(index), 4)}`)
      .join(''),
  );
}

/** Text of at most `maximum` characters and a note of how many were left out; does not escape. */
export function bounded(text: string, maximum: number): string {
  if (text.length <= maximum) {
    return text;
  }
  const kept = text.slice(0, maximum).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${text.length - kept.length} more characters)`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) {
    return SHORT[character] ?? `\\x${hex(code, 2)}`;
  }
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${code.toString(16)}}`;
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
