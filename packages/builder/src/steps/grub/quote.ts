/**
 * Quotes text for GRUB script so that it is taken literally: single quotes keep everything but
 * a single quote, which is closed, escaped and opened again, as in sh (GRUB manual, "Quoting").
 *
 * @throws RangeError when the text holds a control character: no GRUB quoting survives a newline.
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
