/** Source text from a bracket to the one that closes it; brackets in strings must be in pairs. */
export function balanced(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    depth += '([{'.includes(character) ? 1 : ')]}'.includes(character) ? -1 : 0;
    if (depth === 0) {
      return text.slice(start, at + 1);
    }
  }
  return text.slice(start);
}
