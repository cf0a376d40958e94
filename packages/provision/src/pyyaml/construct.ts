import { type MappingNode, type Node, type Pair, YAML_TAG } from './node.ts';
import { boolOf, bytesOf, floatOf, intOf, NotInForm, timestampOf } from './scalars.ts';
import {
  isKey,
  keyIdentity,
  type PyDict,
  type PyKey,
  type PyList,
  type PySet,
  type PyValue,
} from './value.ts';
import { YamlError } from './yaml-error.ts';

/**
 * Constructs the value that `yaml.safe_load` would return.
 *
 * @throws YamlError where it would raise an error: an unknown tag, a list as a key, a date that
 * does not exist.
 */
export function constructYaml(root: Node): PyValue {
  const maker = new Maker();
  const value = maker.value(root);
  maker.finish();
  return value;
}

class Maker {
  readonly #made = new Map<Node, PyValue>();
  /** Fills collections that were returned empty, so that a value can contain itself. */
  readonly #later: (() => void)[] = [];

  value(node: Node): PyValue {
    const made = this.#made.get(node);
    if (made !== undefined) {
      return made;
    }
    const value = this.#make(node);
    this.#made.set(node, value);
    return value;
  }

  finish(): void {
    // The queue grows meanwhile: filling a collection may add more.
    for (const fill of this.#later) {
      fill();
    }
  }

  #make(node: Node): PyValue {
    const name = node.tag.startsWith(YAML_TAG) ? node.tag.slice(YAML_TAG.length) : undefined;
    switch (name) {
      case 'null':
        text(node);
        return null;
      case 'str':
        return text(node);
      case 'bool':
        return inForm(node, boolOf);
      case 'int':
        return inForm(node, intOf);
      case 'float':
        return inForm(node, floatOf);
      case 'timestamp':
        return inForm(node, timestampOf);
      case 'binary':
        return inForm(node, (one) => ({ type: 'bytes', value: bytesOf(one) }));
      case 'seq':
        return this.#list(node, (item) => this.value(item));
      case 'pairs':
      case 'omap':
        return this.#list(node, (item) => this.#pair(item));
      case 'map':
        return this.#dict(node);
      case 'set':
        return this.#set(node);
      default:
        throw new YamlError(
          name === 'merge' || name === 'value'
            ? '<< or = is used as a value; put it in quotes'
            : '! begins a tag here, and this one is not known',
          node.mark,
        );
    }
  }

  #list(node: Node, item: (node: Node) => PyValue): PyList {
    const list: PyList = { type: 'list', items: [] };
    this.#later.push(() => {
      if (node.kind !== 'sequence') {
        throw new YamlError('the tag (!) here is that of a list, and no list follows', node.mark);
      }
      for (const one of node.items) {
        list.items.push(item(one));
      }
    });
    return list;
  }

  #pair(node: Node): PyList {
    const [pair, ...others] = node.kind === 'mapping' ? node.pairs : [];
    if (pair === undefined || others.length > 0) {
      throw new YamlError('each entry must be one key with its value here', node.mark);
    }
    return { type: 'list', isTuple: true, items: [this.value(pair.key), this.value(pair.value)] };
  }

  #dict(node: Node): PyDict {
    const dict: PyDict = { type: 'dict', entries: new Map() };
    this.#later.push(() => {
      for (const { key, value } of pairsOf(node)) {
        const made = this.#key(key);
        const identity = keyIdentity(made);
        const first = dict.entries.get(identity)?.key ?? made;
        dict.entries.set(identity, { key: first, value: this.value(value) });
      }
    });
    return dict;
  }

  #set(node: Node): PySet {
    const set: PySet = { type: 'set', entries: new Map() };
    this.#later.push(() => {
      for (const { key, value } of pairsOf(node)) {
        const made = this.#key(key);
        this.value(value);
        set.entries.set(keyIdentity(made), set.entries.get(keyIdentity(made)) ?? made);
      }
    });
    return set;
  }

  #key(node: Node): PyKey {
    const key = this.value(node);
    if (!isKey(key)) {
      throw new YamlError('a key must be plain text, not a group or a list', node.mark);
    }
    return key;
  }
}

/**
 * Maximum number of pairs that `<<` may add to one mapping. PyYAML has no limit and runs out of
 * memory.
 */
const MAXIMUM_BROUGHT = 100_000;

/** The pairs of a mapping; those from `<<` precede its own. */
function pairsOf(node: Node): readonly Pair[] {
  if (node.kind !== 'mapping') {
    throw new YamlError('the tag (!) here is that of a group, and no group follows', node.mark);
  }
  merge(node);
  return node.pairs;
}

function merge(node: MappingNode): void {
  const isMerge = ({ key }: Pair) => key.tag === `${YAML_TAG}merge`;
  for (const { key } of node.pairs) {
    if (key.kind === 'scalar' && key.tag === `${YAML_TAG}value`) {
      key.tag = `${YAML_TAG}str`;
    }
  }
  const merged = node.pairs.filter(isMerge);
  if (merged.length === 0) {
    return;
  }
  // Removed first: a mapping may refer to itself.
  node.pairs = node.pairs.filter((pair) => !isMerge(pair));
  const brought = merged.flatMap(({ value }) => broughtBy(value));
  if (brought.length > MAXIMUM_BROUGHT) {
    throw new YamlError('<< merges keys without end', node.mark);
  }
  node.pairs = [...brought, ...node.pairs];
}

function broughtBy(value: Node): readonly Pair[] {
  if (value.kind === 'mapping') {
    merge(value);
    return value.pairs;
  }
  if (value.kind === 'scalar') {
    throw new YamlError('<< needs a mapping, or a list of mappings', value.mark);
  }
  return value.items
    .map((item) => {
      if (item.kind !== 'mapping') {
        throw new YamlError('<< needs a mapping, or a list of mappings', item.mark);
      }
      merge(item);
      return item.pairs;
    })
    .reverse()
    .flat();
}

/** The text of a scalar; for a mapping, the text at its key `=`. */
function text(node: Node): string {
  if (node.kind === 'scalar') {
    return node.value;
  }
  const pair =
    node.kind === 'mapping'
      ? node.pairs.find(({ key }) => key.tag === `${YAML_TAG}value`)
      : undefined;
  if (!pair) {
    throw new YamlError('the tag (!) here is that of a text, and no text follows', node.mark);
  }
  return text(pair.value);
}

function inForm<Value>(node: Node, read: (text: string) => Value): Value {
  try {
    return read(text(node));
  } catch (error) {
    if (error instanceof NotInForm) {
      throw new YamlError(
        'this looks like a number or a date, but is not valid; put it in quotes',
        node.mark,
      );
    }
    throw error;
  }
}
