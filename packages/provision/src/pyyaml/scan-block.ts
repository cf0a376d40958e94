import { type Cursor, END, isLineBreak, isLineEnd } from './cursor.ts';

/** How to treat the line breaks at the end. */
type Chomping = 'keep' | 'strip' | 'clip';

/**
 * Reads the lines after `|` or `>`.
 *
 * @param parentIndent of the enclosing block; -1 at the top.
 */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const isFolded = cursor.take(1) === '>';
  const { chomping, increment } = scanHeader(cursor);
  cursor.takeRestOfLine();
  const minimum = Math.max(parentIndent + 1, 1);
  const found = increment === undefined ? scanIndentation(cursor) : undefined;
  const indent =
    increment === undefined ? Math.max(minimum, found?.indent ?? 0) : minimum + increment - 1;
  let breaks = found?.breaks ?? scanBreaks(cursor, indent);
  let value = '';
  let lineBreak = '';
  while (cursor.column === indent && cursor.peek() !== END) {
    value += breaks;
    const wasIndented = isBlank(cursor.peek());
    value += cursor.takeWhile((character) => !isLineEnd(character));
    lineBreak = cursor.takeLineBreak();
    breaks = scanBreaks(cursor, indent);
    if (cursor.column !== indent || cursor.peek() === END) {
      break;
    }
    if (isFolded && lineBreak === '\n' && !wasIndented && !isBlank(cursor.peek())) {
      value += breaks === '' ? ' ' : '';
    } else {
      value += lineBreak;
    }
  }
  return value + (chomping === 'strip' ? '' : lineBreak) + (chomping === 'keep' ? breaks : '');
}

/** `+` or `-` and a digit, in either order. */
function scanHeader(cursor: Cursor) {
  let chomping: Chomping = 'clip';
  let increment: number | undefined;
  const sign = () => {
    if (cursor.peek() === '+' || cursor.peek() === '-') {
      chomping = cursor.take(1) === '+' ? 'keep' : 'strip';
      return true;
    }
    return false;
  };
  const digit = () => {
    if (/^[0-9]$/.test(cursor.peek())) {
      increment = Number(cursor.peek());
      if (increment === 0) {
        cursor.fail('an indentation of 0 is asked for behind | or >');
      }
      cursor.forward();
      return true;
    }
    return false;
  };
  if (sign()) {
    digit();
  } else if (digit()) {
    sign();
  }
  if (cursor.peek() !== ' ' && !isLineEnd(cursor.peek())) {
    cursor.fail('there is text after | or >; it must begin on the next line');
  }
  return { chomping: chomping as Chomping, increment: increment as number | undefined };
}

function scanIndentation(cursor: Cursor) {
  let breaks = '';
  let indent = 0;
  while (cursor.peek() === ' ' || isLineBreak(cursor.peek())) {
    if (cursor.peek() === ' ') {
      cursor.forward();
      indent = Math.max(indent, cursor.column);
    } else {
      breaks += cursor.takeLineBreak();
    }
  }
  return { breaks, indent };
}

function scanBreaks(cursor: Cursor, indent: number): string {
  let breaks = '';
  for (;;) {
    while (cursor.column < indent && cursor.peek() === ' ') {
      cursor.forward();
    }
    if (!isLineBreak(cursor.peek())) {
      return breaks;
    }
    breaks += cursor.takeLineBreak();
  }
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
