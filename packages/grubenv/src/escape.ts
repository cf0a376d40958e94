/**
 * Only a backslash or a newline inside a value is written with a backslash before it
 * (grub_envblk_set in GRUB's envblk.c). The newline itself stays a newline: `\` + LF, not `\n`.
 */
export function escapeValue(value: string): string {
  return value.replace(/[\\\n]/g, '\\$&');
}

/** The reverse. As in GRUB, any character may follow a backslash and stands for itself. */
export function unescapeValue(escaped: string): string {
  return escaped.replace(/\\([\s\S])/g, '$1');
}

/**
 * Finds the newline that ends the line beginning at `start`: the first with no backslash before it.
 * GRUB walks comments and names by the same rule.
 *
 * @returns its index, or -1 if the text ends first
 */
export function findLineEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') {
      i++;
    } else if (char === '\n') {
      return i;
    }
  }
  return -1;
}
