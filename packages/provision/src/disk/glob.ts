/** One position of a pattern: any text, any character, or one of a set. */
type Token =
  | 'text'
  | 'character'
  | { readonly negated: boolean; readonly ranges: readonly CharacterRange[] };

type CharacterRange = readonly [first: string, last: string];

/**
 * Whether a text matches a pattern of fnmatch(3): `*`, `?` and `[…]`, case-sensitive. The rules are
 * those of Python's `fnmatchcase`, which Subiquity uses to match disks. (Path globs would stop `*`
 * at a slash, which model names may contain.) Never throws: a range that runs backwards matches
 * nothing.
 */
export function fits(pattern: string, text: string): boolean {
  const tokens = tokensOf(pattern);
  const characters = [...text];
  let token = 0;
  let at = 0;
  /** The last `*` so far, and the first character that it does not cover yet. */
  let star: { token: number; at: number } | undefined;
  while (at < characters.length) {
    const wanted = tokens[token];
    if (wanted === 'text') {
      star = { token, at };
      token += 1;
    } else if (wanted !== undefined && takes(wanted, characters[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star) {
      star.at += 1;
      token = star.token + 1;
      at = star.at;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === 'text');
}

/** The first range of a pattern that runs backwards, such as `z-a`; undefined if there is none. */
export function backwardRange(pattern: string): string | undefined {
  for (const token of tokensOf(pattern)) {
    if (typeof token === 'object') {
      const wrong = token.ranges.find(([first, last]) => isBackward(first, last));
      if (wrong) {
        return wrong.join('-');
      }
    }
  }
  return undefined;
}

function takes(token: Token, character: string): boolean {
  if (typeof token === 'string') {
    return true;
  }
  const code = codePoint(character);
  const inside = token.ranges.some(
    ([first, last]) => codePoint(first) <= code && code <= codePoint(last),
  );
  return inside !== token.negated;
}

function tokensOf(pattern: string): readonly Token[] {
  const characters = [...pattern];
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const end = character === '[' ? endOfSet(characters, at + 1) : undefined;
    if (end !== undefined) {
      tokens.push(setOf(characters.slice(at + 1, end)));
      at = end;
    } else if (character === '*') {
      tokens.push('text');
    } else if (character === '?') {
      tokens.push('character');
    } else {
      tokens.push({ negated: false, ranges: [[character, character]] });
    }
  }
  return tokens;
}

/**
 * Position of the bracket that closes a set; a `]` right after the opening one belongs to the set.
 */
function endOfSet(characters: readonly string[], start: number): number | undefined {
  const first = characters[start] === '!' ? start + 1 : start;
  const end = characters.indexOf(']', characters[first] === ']' ? first + 1 : first);
  return end < 0 ? undefined : end;
}

function setOf(content: readonly string[]): Token {
  const negated = content[0] === '!';
  const members = negated ? content.slice(1) : content;
  const ranges: CharacterRange[] = [];
  for (let at = 0; at < members.length; ) {
    const first = members[at] ?? '';
    const last = members[at + 1] === '-' ? members[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    at += last === undefined ? 1 : 3;
  }
  return { negated, ranges };
}

function isBackward(first: string, last: string): boolean {
  return codePoint(first) > codePoint(last);
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
