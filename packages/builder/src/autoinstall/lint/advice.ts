import { keyAdvice } from '../../config/suggest.ts';

/** Most names that a reader takes in at a glance. */
const FEW = 12;

/**
 * What to do about a key that nobody reads: the key that was meant, where it belongs, or the names
 * there are, if they are few.
 *
 * @param parent the group it stands in, `""` for the top; @param known paths of all keys, dotted.
 */
export function advise(key: string, parent: string, known: readonly string[]): string {
  const { text, names = [] } = keyAdvice(key, parent, known);
  return names.length > FEW ? 'remove it, or correct its name' : text;
}
