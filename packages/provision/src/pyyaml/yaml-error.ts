/** Why PyYAML refuses a text. The message never quotes the text, which may be a password. */
export class YamlError extends Error {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;

  constructor(problem: string, mark: Mark) {
    super(problem);
    this.name = 'YamlError';
    this.line = mark.line + 1;
    this.column = mark.column + 1;
  }
}

/** A position in a text; both from 0. */
export interface Mark {
  readonly line: number;
  readonly column: number;
}
