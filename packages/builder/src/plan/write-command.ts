import { shellQuote } from '@micro-linux/core';

/** The command that writes a text to a file, for `--dry-run`. */
export function writeCommand(file: string, text: string): string {
  return `printf %s ${shellQuote(text)} >${shellQuote(file)}`;
}
