/** A phrase that readers misunderstand or stumble over, and what to write; docs/style.md has the reasons. */
interface Term {
  readonly avoid: RegExp;
  readonly write: string;
}

const NOUNS =
  'disk|file|folder|host name|image|key|number|partition|proof|program|secret|signature|time zone|trial|update|YAML';

const TERMS: readonly Term[] = [
  { avoid: /\b(came|comes?|coming|sent|went) back\b/i, write: 'was rolled back, rolls back' },
  { avoid: /\bunless (it is |they are )?told\b/i, write: 'by default' },
  { avoid: /\b(is|are|was|were|be|been) told\b/i, write: 'gets, reads, is reported' },
  { avoid: /\b(gets?|got|getting) healthy\b/i, write: 'becomes healthy' },
  { avoid: new RegExp(`(?<![Tt]here )\\bis no ([a-z]+ )?(${NOUNS})\\b`), write: 'is not a …' },
  { avoid: /\bmend(s|ed|ing)?\b/i, write: 'fix, repair' },
  { avoid: /\banew\b/i, write: 'again; rewrite, rebuild' },
  { avoid: /\ball the same\b/i, write: 'anyway, still' },
  { avoid: /\bto a standstill\b/i, write: 'hangs, stops responding' },
  { avoid: /\bfor ever\b/i, write: 'forever' },
  { avoid: /\bruns in circles\b/i, write: 'loops' },
  { avoid: /\bneeds not\b/i, write: 'does not need' },
];

/** A place where a text uses a term to avoid. */
export interface FoundTerm {
  /** From 1. */
  readonly line: number;
  readonly found: string;
  readonly write: string;
}

/** The terms to avoid in prose. Code in backticks and blocks counts as well: it shows our messages. */
export function findTerms(text: string): FoundTerm[] {
  return text.split('\n').flatMap((words, index) =>
    TERMS.flatMap(({ avoid, write }) => {
      const found = avoid.exec(words)?.[0];
      return found === undefined ? [] : [{ line: index + 1, found, write }];
    }),
  );
}

/** The source with everything blanked but its string literals; lines keep their numbers. */
export function onlyStrings(source: string): string {
  // Comments first: an apostrophe in one would begin a string.
  const literal = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`/g;
  return [...source.matchAll(literal)]
    .reduce(
      ({ text, end }, { 0: token, index }) => ({
        text: text + blank(source.slice(end, index)) + (/^\//.test(token) ? blank(token) : token),
        end: index + token.length,
      }),
      { text: '', end: 0 },
    )
    .text.trimEnd();
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
