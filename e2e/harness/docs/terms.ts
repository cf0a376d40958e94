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
  { avoid: /(?<![Tt]here )\b(is|are) no (whole|unit|valid|known) /, write: 'is not a …' },
  { avoid: /\bone a line\b/i, write: 'one per line' },
  { avoid: /\bbeliev(e|es|ed|ing)\b/i, write: 'accept, trust' },
  { avoid: /\bwithin reach\b/i, write: 'that can be reached, available' },
  { avoid: /\bothers than\b/i, write: 'other users' },
  { avoid: /\bpass(es)? over\b/i, write: 'ignores, skips' },
  { avoid: /\blets nobody in\b/i, write: 'nobody can log in' },
  { avoid: /\bdoes not hold\b/i, write: 'does not contain' },
  { avoid: /\bto take back\b|\btake it back\b/i, write: 'undo' },
  {
    avoid: /\binstall(er|ation)( of [\d.]+)? ends (here|there|with)\b/i,
    write: 'fails here, fails with',
  },
  { avoid: /\bof one's own\b/i, write: 'your own, its own, of the product' },
  { avoid: /\btells? of\b/i, write: 'reports, is about' },
  { avoid: /\bin vain\b/i, write: 'for nothing, without success' },
  { avoid: /\bvirtualis/i, write: 'virtualiz…' },
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
