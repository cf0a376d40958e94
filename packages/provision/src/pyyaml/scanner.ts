import { Cursor, END, isLineBreak, isLineEnd, isLineEndOrBlank } from './cursor.ts';
import { scanBlock } from './scan-block.ts';
import { scanDirective, scanName, scanTag } from './scan-markers.ts';
import { scanPlain } from './scan-plain.ts';
import { scanQuoted } from './scan-quoted.ts';
import type { SignKind, Token } from './token.ts';
import type { Mark } from './yaml-error.ts';

/** Maximum distance between the start of a key and its `:`, in characters. */
const MAXIMUM_KEY_LENGTH = 1024;

/** Number of consumed tokens that are kept before they are dropped together. */
const QUEUE_LENGTH = 4096;

/** A position where a key may have started; only a later `:` decides. */
interface PossibleKey {
  /** Index of its first token, counted from the start of the text. */
  readonly tokenNumber: number;
  /** Whether only a key is valid there. */
  readonly isRequired: boolean;
  readonly index: number;
  readonly mark: Mark;
}

const FLOW_START: Readonly<Record<string, SignKind>> = {
  '[': 'flow-sequence-start',
  '{': 'flow-mapping-start',
};
const FLOW_END: Readonly<Record<string, SignKind>> = {
  ']': 'flow-sequence-end',
  '}': 'flow-mapping-end',
};

/** Splits a text into tokens by the rules and limits of PyYAML's scanner. */
export class Scanner {
  readonly #cursor: Cursor;
  /** Tokens before the head are consumed. */
  readonly #tokens: Token[] = [];
  #head = 0;
  readonly #possibleKeys = new Map<number, PossibleKey>();
  readonly #indents: number[] = [];
  #taken = 0;
  #indent = -1;
  #flowLevel = 0;
  #allowKey = true;
  #isDone = false;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /** The next token, without consuming it. */
  peek(): Token {
    while (this.#needsMore()) {
      this.#fetch();
    }
    return this.#tokens[this.#head] ?? { kind: 'stream-end', mark: this.#cursor.mark };
  }

  take(): Token {
    const token = this.peek();
    this.#head++;
    this.#taken++;
    if (this.#head > QUEUE_LENGTH) {
      this.#tokens.splice(0, this.#head);
      this.#head = 0;
    }
    return token;
  }

  #needsMore(): boolean {
    if (this.#isDone) {
      return false;
    }
    if (this.#head === this.#tokens.length) {
      return true;
    }
    // The next token may turn out to be a key; then a `key` token precedes it.
    this.#dropStaleKeys();
    for (const { tokenNumber } of this.#possibleKeys.values()) {
      if (tokenNumber === this.#taken) {
        return true;
      }
    }
    return false;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#dropStaleKeys();
    this.#unwind(cursor.column);
    const character = cursor.peek();
    const isFlow = this.#flowLevel !== 0;
    const isAlone = isLineEndOrBlank(cursor.peek(1));
    if (character === END) {
      this.#fetchEnd();
      return;
    }
    if (cursor.column === 0 && character === '%') {
      this.#leaveDocument();
      const { mark } = cursor;
      this.#tokens.push({ kind: 'directive', mark, directive: scanDirective(cursor) });
      return;
    }
    if (cursor.column === 0 && cursor.atDocumentMarker()) {
      this.#leaveDocument();
      this.#sign(character === '-' ? 'document-start' : 'document-end', 3);
      return;
    }
    if (Object.hasOwn(FLOW_START, character)) {
      this.#noteKey();
      this.#flowLevel++;
      this.#allowKey = true;
      this.#sign(FLOW_START[character] ?? 'flow-sequence-start');
      return;
    }
    if (Object.hasOwn(FLOW_END, character)) {
      this.#dropKey();
      this.#flowLevel--;
      this.#allowKey = false;
      this.#sign(FLOW_END[character] ?? 'flow-sequence-end');
      return;
    }
    if (character === ',') {
      this.#allowKey = true;
      this.#dropKey();
      this.#sign('flow-entry');
      return;
    }
    if (character === '-' && isAlone) {
      this.#fetchBlockEntry();
      return;
    }
    if (character === '?' && (isFlow || isAlone)) {
      this.#fetchKey();
      return;
    }
    if (character === ':' && (isFlow || isAlone)) {
      this.#fetchValue();
      return;
    }
    this.#fetchContent(character, isFlow);
  }

  #fetchContent(character: string, isFlow: boolean): void {
    const cursor = this.#cursor;
    const { mark } = cursor;
    if ((character === '|' || character === '>') && !isFlow) {
      this.#allowKey = true;
      this.#dropKey();
      const value = scanBlock(cursor, this.#indent);
      this.#tokens.push({ kind: 'scalar', mark, value, isPlain: false });
      return;
    }
    if (character === '*' || character === '&' || character === '!') {
      this.#noteKey();
      this.#allowKey = false;
      this.#tokens.push(
        character === '!'
          ? { kind: 'tag', mark, ...scanTag(cursor) }
          : { kind: character === '*' ? 'alias' : 'anchor', mark, name: scanName(cursor) },
      );
      return;
    }
    if (character === "'" || character === '"') {
      this.#noteKey();
      this.#allowKey = false;
      this.#tokens.push({ kind: 'scalar', mark, value: scanQuoted(cursor), isPlain: false });
      return;
    }
    if (!this.#canBeginPlain(character, isFlow)) {
      cursor.fail(
        character === '\t'
          ? 'there is a tab here; use spaces'
          : 'a value cannot begin with this character unless it is in quotes',
      );
    }
    this.#noteKey();
    const { value, endsLine } = scanPlain(cursor, { indent: this.#indent, isFlow });
    this.#allowKey = endsLine;
    this.#tokens.push({ kind: 'scalar', mark, value, isPlain: true });
  }

  #canBeginPlain(character: string, isFlow: boolean): boolean {
    if (!isLineEndOrBlank(character) && !'-?:,[]{}#&*!|>\'"%@`'.includes(character)) {
      return true;
    }
    return (
      !isLineEndOrBlank(this.#cursor.peek(1)) &&
      (character === '-' || (!isFlow && (character === '?' || character === ':')))
    );
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    if (cursor.index === 0 && cursor.peek() === '\ufeff') {
      cursor.forward();
    }
    for (;;) {
      cursor.skipSpaces();
      if (cursor.peek() === '#') {
        cursor.takeWhile((character) => !isLineEnd(character));
      }
      if (!isLineBreak(cursor.peek())) {
        return;
      }
      cursor.takeLineBreak();
      if (this.#flowLevel === 0) {
        this.#allowKey = true;
      }
    }
  }

  #sign(kind: SignKind, length = 1): void {
    this.#tokens.push({ kind, mark: this.#cursor.mark });
    this.#cursor.forward(length);
  }

  #fetchEnd(): void {
    this.#leaveDocument();
    this.#possibleKeys.clear();
    this.#tokens.push({ kind: 'stream-end', mark: this.#cursor.mark });
    this.#isDone = true;
  }

  #leaveDocument(): void {
    this.#unwind(-1);
    this.#dropKey();
    this.#allowKey = false;
  }

  #fetchBlockEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#allowKey) {
        this.#cursor.fail('a list cannot begin here; put its first - on a line of its own');
      }
      this.#indentTo(this.#cursor.mark, 'block-sequence-start');
    }
    this.#allowKey = true;
    this.#dropKey();
    this.#sign('block-entry');
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#allowKey) {
        this.#cursor.fail('a key cannot begin here');
      }
      this.#indentTo(this.#cursor.mark, 'block-mapping-start');
    }
    this.#allowKey = this.#flowLevel === 0;
    this.#dropKey();
    this.#sign('key');
  }

  #fetchValue(): void {
    const key = this.#possibleKeys.get(this.#flowLevel);
    if (key) {
      this.#possibleKeys.delete(this.#flowLevel);
      const at = key.tokenNumber - this.#taken + this.#head;
      this.#tokens.splice(at, 0, { kind: 'key', mark: key.mark });
      if (this.#flowLevel === 0) {
        this.#indentTo(key.mark, 'block-mapping-start', at);
      }
      this.#allowKey = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#allowKey) {
          this.#cursor.fail('there is a second : here; put the text in quotes');
        }
        this.#indentTo(this.#cursor.mark, 'block-mapping-start');
      }
      this.#allowKey = this.#flowLevel === 0;
      this.#dropKey();
    }
    this.#sign('value');
  }

  /** Starts a block if it is indented further than the enclosing one. */
  #indentTo(mark: Mark, kind: SignKind, at = this.#tokens.length): void {
    if (this.#indent < mark.column) {
      this.#indents.push(this.#indent);
      this.#indent = mark.column;
      this.#tokens.splice(at, 0, { kind, mark });
    }
  }

  /** Ends the blocks that are indented further than a column. */
  #unwind(column: number): void {
    while (this.#flowLevel === 0 && this.#indent > column) {
      this.#indent = this.#indents.pop() ?? -1;
      this.#tokens.push({ kind: 'block-end', mark: this.#cursor.mark });
    }
  }

  #noteKey(): void {
    if (this.#allowKey) {
      this.#dropKey();
      this.#possibleKeys.set(this.#flowLevel, {
        tokenNumber: this.#taken + this.#tokens.length - this.#head,
        isRequired: this.#flowLevel === 0 && this.#indent === this.#cursor.column,
        index: this.#cursor.index,
        mark: this.#cursor.mark,
      });
    }
  }

  #dropKey(): void {
    this.#drop(this.#flowLevel, this.#possibleKeys.get(this.#flowLevel));
  }

  /** A key must end on its line and must not be too long. */
  #dropStaleKeys(): void {
    const { line, index } = this.#cursor;
    for (const [level, key] of this.#possibleKeys) {
      if (key.mark.line !== line || index - key.index > MAXIMUM_KEY_LENGTH) {
        this.#drop(level, key);
      }
    }
  }

  #drop(level: number, key: PossibleKey | undefined): void {
    if (key?.isRequired) {
      this.#cursor.fail('a key begins here, and no : follows it', key.mark);
    }
    this.#possibleKeys.delete(level);
  }
}
