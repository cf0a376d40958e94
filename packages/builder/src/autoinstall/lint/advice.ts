import { keyAdvice } from '../../config/suggest.ts';

/** How many names a message lists at most. */
const FEW = 12;

/**
 * What to do about an unknown key: the key that was meant, where it belongs, or the names
 * that exist, if there are few.
 *
 * @param parent the group that contains it, `""` for the top; @param known paths of all keys, dotted.
 */
export function advise(key: string, parent: string, known: readonly string[]): string {
  const { text, names = [] } = keyAdvice(key, parent, known);
  return names.length > FEW ? 'remove it, or correct its name' : text;
}
