import { closest, distance } from 'fastest-levenshtein';

/** The candidate that was most likely meant; undefined if none is close enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) {
    return undefined;
  }
  const best = closest(word, candidates);
  // Up to a third of wrong letters is a typo; more is another word.
  return distance(word, best) <= Math.ceil(best.length / 3) ? best : undefined;
}

/** The candidates that may have been meant, the closest first, three at most. */
export function nearestFew(word: string, candidates: readonly string[]): readonly string[] {
  return candidates
    .map((name) => ({ name, wrong: distance(word, name) }))
    .filter(({ name, wrong }) => wrong <= Math.max(1, Math.floor(name.length / 4)))
    .sort((one, other) => one.wrong - other.wrong || (one.name < other.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Keys of the device's own config (docs/reference/device-config.md) that have another name here. */
const NAMED_ELSEWHERE: Readonly<Record<string, string>> = {
  'agent.boot': 'boot',
  'agent.boot.tries': 'boot.tries',
  'agent.boot.counter': 'boot.counter',
  'agent.signatures': 'update.threshold',
  'agent.signatures.threshold': 'update.threshold',
  signatures: 'update.threshold',
  health: 'agent.health',
  trial: 'agent.trial',
};

/** What to do about an unknown key. */
export interface KeyAdvice {
  /** For people: "did you mean `sshKeys`?", "`sshKeys` belongs under `user`". */
  readonly text: string;
  /** All keys of the group, if the advice is only their list. */
  readonly names?: readonly string[];
}

/** The text of {@link keyAdvice}. */
export function adviseKey(key: string, parent: string, known: readonly string[]): string {
  return keyAdvice(key, parent, known).text;
}

/**
 * What to do about an unknown key.
 *
 * @param key the last part of its path.
 * @param parent path of its group, `""` for the top.
 * @param known paths of all keys, dotted.
 */
export function keyAdvice(key: string, parent: string, known: readonly string[]): KeyAdvice {
  const elsewhereNamed = NAMED_ELSEWHERE[parent === '' ? key : `${parent}.${key}`];
  if (elsewhereNamed !== undefined) {
    return { text: `write it as \`${elsewhereNamed}\`` };
  }
  const prefix = parent === '' ? '' : `${parent}.`;
  const siblings = known
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((name) => !name.includes('.'));
  const word = plain(key);
  const sibling = closestKey(word, siblings);
  const elsewhere = closestKey(
    word,
    known.filter((path) => path.includes('.') && (parent === '' || !path.startsWith(prefix))),
  );
  // A typo in the right place is likelier than a correct word in the wrong place.
  if (sibling && sibling.distance <= 1) {
    return { text: `did you mean \`${sibling.path}\`?` };
  }
  if (elsewhere && elsewhere.distance <= 1) {
    const [name, ...group] = elsewhere.path.split('.').reverse();
    return elsewhere.distance === 0 && name === key
      ? { text: `\`${key}\` belongs under \`${group.reverse().join('.')}\`` }
      : { text: `did you mean \`${elsewhere.path}\`?` };
  }
  const top = known.find((path) => !path.includes('.') && plain(path) === word);
  if (top !== undefined) {
    return { text: `\`${top}\` belongs at the top, not under \`${parent}\`` };
  }
  return sibling && sibling.distance <= Math.ceil(word.length / 3)
    ? { text: `did you mean \`${sibling.path}\`?` }
    : { text: `known here: ${siblings.join(', ')}`, names: siblings };
}

function closestKey(word: string, paths: readonly string[]) {
  return paths
    .map((path) => ({ path, distance: distance(word, plain(path.split('.').at(-1) ?? '')) }))
    .sort((one, other) => one.distance - other.distance)[0];
}

/** `ssh_keys`, `ssh-keys` and `SSHKeys` are the same word. */
function plain(key: string): string {
  return key.replaceAll(/[-_\s]/g, '').toLowerCase();
}
