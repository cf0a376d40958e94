import { type Mark, YamlError } from './yaml-error.ts';

/** Marks the end of the text; no text may contain it. */
export const END = '\0';

/** What PyYAML accepts as the end of a line. YAML 1.2 dropped the last three. */
const LINE_BREAKS = '\r\n\x85\u2028\u2029';

/** Any other character makes PyYAML refuse the whole text. */
const NOT_PRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the set is that of PyYAML
  /[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export function isLineBreak(character: string): boolean {
  return LINE_BREAKS.includes(character);
}

export function isLineEnd(character: string): boolean {
  return character === END || isLineBreak(character);
}

/** A line end or a blank: what may follow an indicator. */
export function isLineEndOrBlank(character: string): boolean {
  return character === ' ' || character === '\t' || isLineEnd(character);
}

/** Letters, digits, `-` and `_`: the characters in names of anchors, handles and directives. */
export function isWordCharacter(character: string): boolean {
  return /^[0-9A-Za-z_-]$/.test(character);
}

/** Reads a text by code points, as Python counts them, and tracks the position. */
export class Cursor {
  readonly #characters: readonly string[];
  index = 0;
  line = 0;
  column = 0;

  /** @throws YamlError at a character that PyYAML does not accept. */
  constructor(text: string) {
    const bad = NOT_PRINTABLE.exec(text);
    if (bad) {
      const before = text.slice(0, bad.index).split(/\r\n|[\r\n\x85\u2028\u2029]/);
      throw new YamlError('a control character or a broken one is in the file', {
        line: before.length - 1,
        column: [...(before.at(-1) ?? '')].length,
      });
    }
    this.#characters = Array.from(text);
  }

  get mark(): Mark {
    return { line: this.line, column: this.column };
  }

  peek(ahead = 0): string {
    return this.#characters[this.index + ahead] ?? END;
  }

  /** The next characters, without consuming them. */
  ahead(length: number): string {
    return this.#characters.slice(this.index, this.index + length).join('');
  }

  forward(length = 1): void {
    for (let left = length; left > 0; left--) {
      const character = this.peek();
      this.index++;
      if (isLineBreak(character) && !(character === '\r' && this.peek() === '\n')) {
        this.line++;
        this.column = 0;
      } else if (character !== '\ufeff') {
        this.column++;
      }
    }
  }

  /** Consumes characters. */
  take(length: number): string {
    const taken = this.ahead(length);
    this.forward(length);
    return taken;
  }

  /** Consumes characters while they match. */
  takeWhile(fits: (character: string) => boolean): string {
    let length = 0;
    while (this.peek(length) !== END && fits(this.peek(length))) {
      length++;
    }
    return this.take(length);
  }

  skipSpaces(): void {
    this.takeWhile((character) => character === ' ');
  }

  /** Consumes a line break, if there is one, and returns what it represents in a text. */
  takeLineBreak(): string {
    const character = this.peek();
    if (!isLineBreak(character)) {
      return '';
    }
    this.forward(this.ahead(2) === '\r\n' ? 2 : 1);
    return character === '\u2028' || character === '\u2029' ? character : '\n';
  }

  /** Whether `---` or `...` is here, on its own. */
  atDocumentMarker(): boolean {
    const three = this.ahead(3);
    return (three === '---' || three === '...') && isLineEndOrBlank(this.peek(3));
  }

  fail(problem: string, mark: Mark = this.mark): never {
    throw new YamlError(problem, mark);
  }

  /** Consumes blanks, a comment, and the line break after them. */
  takeRestOfLine(): void {
    this.skipSpaces();
    if (this.peek() === '#') {
      this.takeWhile((character) => !isLineEnd(character));
    }
    if (!isLineEnd(this.peek())) {
      this.fail('there is more text where the line should end');
    }
    this.takeLineBreak();
  }
}
