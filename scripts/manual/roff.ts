/** Columns of a line of the source, which mandoc complains about beyond 80. */
const COLUMNS = 76;

/** Text as roff prints it: no character is a command, and `-` stays what one can paste. */
export function escaped(text: string): string {
  return text
    .replaceAll('’', "'")
    .replaceAll('…', '...')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/[^\n -~]/gu, (character) => `\\[u${hex(character.codePointAt(0) ?? 0)}]`)
    .replaceAll(/^(?=[.'])/gm, '\\&');
}

/** A paragraph: wrapped, and with each sentence on a line of its own. */
export function prose(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.!?:]) (?=\S)/)
    .flatMap(wrapped)
    .map(escaped)
    .join('\n');
}

/** Lines that stay as they are. */
export function literal(text: string): string {
  return ['.nf', escaped(text.replaceAll(/^\n+|\s+$/g, '')), '.fi'].join('\n');
}

/** The argument of a macro. */
export function argument(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\(dq')}"`;
}

/** A term and what it means. */
export function definition(term: string, meaning: string): string {
  return ['.TP', term, prose(meaning)].join('\n');
}

export function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${escaped(text)}\\fR`;
}

function wrapped(sentence: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && escaped(`${last} ${word}`).length <= COLUMNS) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
