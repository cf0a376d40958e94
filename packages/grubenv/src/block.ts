import { BLOCK_BYTES, HEADER, WARNING } from './format.ts';

/** A variable. `name` and `value` are byte strings (see byte-string.ts), `value` unescaped. */
export interface EnvEntry {
  readonly kind: 'entry';
  readonly name: string;
  readonly value: string;
  /** The line as in the block, with its newline: unedited lines keep their bytes. */
  readonly raw: string;
}

/** A line that begins with `#`. GRUB skips it and keeps it. */
export interface EnvComment {
  readonly kind: 'comment';
  /** The line with its newline. */
  readonly raw: string;
}

export type EnvLine = EnvEntry | EnvComment;

/**
 * A valid environment block, immutable. Get one from `parseBlock`, `emptyBlock` or an edit; do not
 * build one by hand.
 */
export interface EnvBlock {
  /** Whether the second header line (GRUB 2.06 and newer) is there. */
  readonly warning: boolean;
  /** All lines between the header and the padding, in order. */
  readonly lines: readonly EnvLine[];
}

/** A block without variables, as grub-editenv's `create` makes it: both header lines. */
export function emptyBlock(): EnvBlock {
  return { warning: true, lines: [] };
}

/** The header of this block: one line or two. */
export function headerOf(block: EnvBlock): string {
  return block.warning ? HEADER + WARNING : HEADER;
}

/** The entries of the block in order, without the comments. */
export function entriesOf(block: EnvBlock): readonly EnvEntry[] {
  return block.lines.filter((line) => line.kind === 'entry');
}

/**
 * All variables, in the order of the block.
 *
 * @returns name to value, both byte strings
 */
export function getVariables(block: EnvBlock): ReadonlyMap<string, string> {
  return new Map(entriesOf(block).map((entry) => [entry.name, entry.value]));
}

/**
 * The value of one variable, a byte string.
 *
 * @returns undefined if it is not set; an empty string if it is set and empty
 */
export function getVariable(block: EnvBlock, name: string): string | undefined {
  return entriesOf(block).find((entry) => entry.name === name)?.value;
}

/**
 * Bytes in use: header, comments and variables, without the padding. May exceed 1024 during an
 * edit.
 */
export function usedBytes(block: EnvBlock): number {
  return block.lines.reduce((sum, line) => sum + line.raw.length, headerOf(block).length);
}

/** Bytes still free: a new variable costs name + escaped value + 2 (`=` and newline). */
export function freeBytes(block: EnvBlock): number {
  return BLOCK_BYTES - usedBytes(block);
}
