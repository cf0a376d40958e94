import { type Cursor, isLineBreak, isLineEndOrBlank } from './cursor.ts';

/** The context of a plain scalar. */
export interface PlainContext {
  /** Of the enclosing block; -1 at the top. */
  readonly indent: number;
  /** Whether it is inside brackets. */
  readonly isFlow: boolean;
}

/** A plain scalar, and whether it spanned several lines. */
export interface PlainScalar {
  readonly value: string;
  readonly endsLine: boolean;
}

const FLOW_INDICATORS = ',?[]{}';

/** Reads a plain scalar of any number of lines. */
export function scanPlain(cursor: Cursor, { indent, isFlow }: PlainContext): PlainScalar {
  let value = '';
  let gap = '';
  let endsLine = false;
  while (cursor.peek() !== '#') {
    const length = plainLength(cursor, isFlow);
    if (length === 0) {
      break;
    }
    value += gap + cursor.take(length);
    const spaces = scanGap(cursor);
    endsLine = spaces.hasBreak;
    gap = spaces.text;
    if (gap === '' || cursor.peek() === '#' || (!isFlow && cursor.column < indent + 1)) {
      break;
    }
  }
  return { value, endsLine };
}

function plainLength(cursor: Cursor, isFlow: boolean): number {
  for (let length = 0; ; length++) {
    const character = cursor.peek(length);
    const next = cursor.peek(length + 1);
    if (
      isLineEndOrBlank(character) ||
      (character === ':' && (isLineEndOrBlank(next) || (isFlow && ',[]{}'.includes(next)))) ||
      (isFlow && FLOW_INDICATORS.includes(character))
    ) {
      return length;
    }
  }
}

/** Blanks and line breaks within a scalar. A tab is not a blank here: it ends the scalar. */
function scanGap(cursor: Cursor): { readonly text: string; readonly hasBreak: boolean } {
  const blanks = cursor.takeWhile((character) => character === ' ');
  if (!isLineBreak(cursor.peek())) {
    return { text: blanks, hasBreak: false };
  }
  const first = cursor.takeLineBreak();
  let further = '';
  while (!cursor.atDocumentMarker()) {
    if (cursor.peek() === ' ') {
      cursor.skipSpaces();
    }
    if (!isLineBreak(cursor.peek())) {
      const text = first === '\n' ? further || ' ' : first + further;
      return { text, hasBreak: true };
    }
    further += cursor.takeLineBreak();
  }
  // The document ends here, and so does the text.
  return { text: '', hasBreak: true };
}
