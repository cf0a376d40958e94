/**
 * Quotes text for GRUB script so that it is taken literally: single quotes preserve everything
 * except a single quote; there, the quotes are closed and reopened around an escaped quote, as in
 * sh (GRUB manual, "Quoting").
 *
 * @throws RangeError if the text contains a control character: no GRUB quoting survives a newline.
 */
export function grubQuote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new RangeError(
      `GRUB script cannot contain the control characters of ${JSON.stringify(text)}`,
    );
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}
