import type { Mark } from './yaml-error.ts';

/** Tokens without content. */
export type SignKind =
  | 'stream-end'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value';

export interface SignToken {
  readonly kind: SignKind;
  readonly mark: Mark;
}

export interface ScalarToken {
  readonly kind: 'scalar';
  readonly mark: Mark;
  readonly value: string;
  /** Neither quoted nor a block scalar. */
  readonly isPlain: boolean;
}

export interface NameToken {
  readonly kind: 'alias' | 'anchor';
  readonly mark: Mark;
  readonly name: string;
}

/** `!handle!suffix`; without a handle, the suffix is the whole tag. */
export interface TagToken {
  readonly kind: 'tag';
  readonly mark: Mark;
  readonly handle: string | undefined;
  readonly suffix: string;
}

export type Directive =
  | { readonly name: 'YAML'; readonly major: number }
  | { readonly name: 'TAG'; readonly handle: string; readonly prefix: string }
  | { readonly name: 'other' };

export interface DirectiveToken {
  readonly kind: 'directive';
  readonly mark: Mark;
  readonly directive: Directive;
}

export type Token = SignToken | ScalarToken | NameToken | TagToken | DirectiveToken;
