import {
  type MappingNode,
  type Node,
  type ScalarNode,
  type SequenceNode,
  YAML_TAG,
} from './node.ts';
import { resolveTag } from './resolve.ts';
import { Scanner } from './scanner.ts';
import type { Token } from './token.ts';
import { type Mark, YamlError } from './yaml-error.ts';

/** PyYAML recurses once per level, and Python's limit is near this depth. */
export const MAXIMUM_DEPTH = 400;

const DEFAULT_HANDLES: readonly (readonly [string, string])[] = [
  ['!', '!'],
  ['!!', YAML_TAG],
];

/** What is allowed where a node is expected. */
interface Place {
  /** Whether a block may start here, or only a flow collection. */
  readonly isBlock: boolean;
  /** Whether a list may start here that is not indented further than its key. */
  readonly mayBeIndentless: boolean;
}

const FLOW: Place = { isBlock: false, mayBeIndentless: false };
const BLOCK: Place = { isBlock: true, mayBeIndentless: false };
const BLOCK_OR_INDENTLESS: Place = { isBlock: true, mayBeIndentless: true };

/**
 * Composes the nodes of a text that contains one document, as PyYAML does.
 *
 * @returns undefined for a text without a document.
 * @throws YamlError where PyYAML raises an error.
 */
export function composeYaml(text: string): Node | undefined {
  return new Composer(new Scanner(text)).document();
}

class Composer {
  readonly #scanner: Scanner;
  readonly #handles = new Map<string, string>();
  readonly #anchors = new Map<string, Node>();
  #depth = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  document(): Node | undefined {
    if (this.#is('stream-end')) {
      return undefined;
    }
    const isExplicit = this.#is('directive', 'document-start');
    if (isExplicit) {
      this.#startDocument();
    }
    for (const [handle, prefix] of DEFAULT_HANDLES) {
      if (!this.#handles.has(handle)) {
        this.#handles.set(handle, prefix);
      }
    }
    const node =
      isExplicit && this.#is('directive', 'document-start', 'document-end', 'stream-end')
        ? this.#empty()
        : this.#node(BLOCK);
    while (this.#is('document-end')) {
      this.#scanner.take();
    }
    if (!this.#is('stream-end')) {
      const { kind, mark } = this.#scanner.peek();
      throw new YamlError(
        kind === 'document-start' || kind === 'directive'
          ? 'a second document (---) begins; only one is read'
          : 'this does not match the lines above; check the indentation and open brackets',
        mark,
      );
    }
    return node;
  }

  /** Reads directives and `---`. */
  #startDocument(): void {
    this.#directives();
    if (!this.#is('document-start')) {
      this.#fail('a document must begin with --- here');
    }
    this.#scanner.take();
  }

  #directives(): void {
    let hasVersion = false;
    for (let token = this.#scanner.peek(); token.kind === 'directive'; token = this.#next()) {
      const { directive, mark } = token;
      if (directive.name === 'YAML') {
        if (hasVersion || directive.major !== 1) {
          throw new YamlError('%YAML must appear once, and say 1.1', mark);
        }
        hasVersion = true;
      } else if (directive.name === 'TAG') {
        if (this.#handles.has(directive.handle)) {
          throw new YamlError('a %TAG is written twice', mark);
        }
        this.#handles.set(directive.handle, directive.prefix);
      }
    }
  }

  /** Drops the next token and returns the one after it. */
  #next(): Token {
    this.#scanner.take();
    return this.#scanner.peek();
  }

  #is(...kinds: readonly Token['kind'][]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  #fail(problem: string): never {
    throw new YamlError(problem, this.#scanner.peek().mark);
  }

  #empty(): ScalarNode {
    const { mark } = this.#scanner.peek();
    return { kind: 'scalar', tag: resolveTag(''), mark, value: '' };
  }

  #node(place: Place): Node {
    this.#depth++;
    if (this.#depth > MAXIMUM_DEPTH) {
      this.#fail(`the nesting is more than ${MAXIMUM_DEPTH} levels deep`);
    }
    const node = this.#nodeItself(place);
    this.#depth--;
    return node;
  }

  #nodeItself(place: Place): Node {
    const first = this.#scanner.peek();
    if (first.kind === 'alias') {
      this.#scanner.take();
      const node = this.#anchors.get(first.name);
      if (!node) {
        throw new YamlError('* begins an alias, and nothing above has its name', first.mark);
      }
      return node;
    }
    const { mark } = first;
    const { anchor, tag } = this.#properties();
    if (anchor !== undefined && this.#anchors.has(anchor)) {
      throw new YamlError('this name after & is already used', first.mark);
    }
    const note = <Kind extends Node>(node: Kind): Kind => {
      if (anchor !== undefined) {
        this.#anchors.set(anchor, node);
      }
      return node;
    };
    const token = this.#scanner.peek();
    const ownTag = tag === undefined || tag === '!' ? undefined : tag;
    if (token.kind === 'scalar') {
      this.#scanner.take();
      const { value, isPlain } = token;
      const found = isPlain || tag === '!' ? resolveTag(value) : `${YAML_TAG}str`;
      return note({ kind: 'scalar', tag: ownTag ?? found, mark, value });
    }
    const sequence = (): SequenceNode =>
      note({ kind: 'sequence', tag: ownTag ?? `${YAML_TAG}seq`, mark, items: [] });
    const mapping = (): MappingNode =>
      note({ kind: 'mapping', tag: ownTag ?? `${YAML_TAG}map`, mark, pairs: [] });
    if (token.kind === 'block-entry' && place.mayBeIndentless) {
      return this.#blockSequence(sequence(), true);
    }
    if (token.kind === 'flow-sequence-start') {
      return this.#flowSequence(sequence());
    }
    if (token.kind === 'flow-mapping-start') {
      return this.#flowMapping(mapping());
    }
    if (token.kind === 'block-sequence-start' && place.isBlock) {
      this.#scanner.take();
      return this.#blockSequence(sequence(), false);
    }
    if (token.kind === 'block-mapping-start' && place.isBlock) {
      return this.#blockMapping(mapping());
    }
    if (anchor !== undefined || tag !== undefined) {
      return note({ kind: 'scalar', tag: ownTag ?? resolveTag(''), mark, value: '' });
    }
    return this.#fail('a value is missing here, or this character does not belong here');
  }

  /** `&anchor` and `!tag`, in either order. */
  #properties(): { readonly anchor: string | undefined; readonly tag: string | undefined } {
    let anchor: string | undefined;
    let tag: string | undefined;
    for (let token = this.#scanner.peek(); ; token = this.#next()) {
      if (token.kind === 'anchor' && anchor === undefined) {
        anchor = token.name;
      } else if (token.kind === 'tag' && tag === undefined) {
        tag = this.#fullTag(token.handle, token.suffix, token.mark);
      } else {
        return { anchor, tag };
      }
    }
  }

  #fullTag(handle: string | undefined, suffix: string, mark: Mark): string {
    if (handle === undefined) {
      return suffix;
    }
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) {
      throw new YamlError('! begins a tag here, and this one is not known', mark);
    }
    return prefix + suffix;
  }

  #blockSequence(node: SequenceNode, isIndentless: boolean): SequenceNode {
    const ends = isIndentless
      ? (['block-entry', 'key', 'value', 'block-end'] as const)
      : (['block-entry', 'block-end'] as const);
    while (this.#is('block-entry')) {
      this.#scanner.take();
      node.items.push(this.#is(...ends) ? this.#empty() : this.#node(BLOCK));
    }
    if (!isIndentless) {
      this.#endBlock();
    }
    return node;
  }

  #blockMapping(node: MappingNode): MappingNode {
    this.#scanner.take();
    const part = () =>
      this.#is('key', 'value', 'block-end') ? this.#empty() : this.#node(BLOCK_OR_INDENTLESS);
    while (this.#is('key')) {
      this.#scanner.take();
      const key = part();
      const hasValue = this.#is('value');
      if (hasValue) {
        this.#scanner.take();
      }
      node.pairs.push({ key, value: hasValue ? part() : this.#empty() });
    }
    this.#endBlock();
    return node;
  }

  #endBlock(): void {
    if (!this.#is('block-end')) {
      this.#fail('this line does not fit those above it; is its indentation right?');
    }
    this.#scanner.take();
  }

  #flowSequence(node: SequenceNode): SequenceNode {
    this.#scanner.take();
    this.#flowItems('flow-sequence-end', () => {
      if (!this.#is('key')) {
        node.items.push(this.#node(FLOW));
        return;
      }
      const { mark } = this.#scanner.peek();
      const pair: MappingNode = { kind: 'mapping', tag: `${YAML_TAG}map`, mark, pairs: [] };
      node.items.push(pair);
      this.#flowPair(pair, 'flow-sequence-end');
    });
    return node;
  }

  #flowMapping(node: MappingNode): MappingNode {
    this.#scanner.take();
    this.#flowItems('flow-mapping-end', () => {
      if (this.#is('key')) {
        this.#flowPair(node, 'flow-mapping-end');
      } else {
        node.pairs.push({ key: this.#node(FLOW), value: this.#empty() });
      }
    });
    return node;
  }

  #flowItems(end: 'flow-sequence-end' | 'flow-mapping-end', item: () => void): void {
    for (let isFirst = true; !this.#is(end); isFirst = false) {
      if (!isFirst) {
        if (!this.#is('flow-entry')) {
          this.#fail('a comma or the closing bracket is missing');
        }
        this.#scanner.take();
        if (this.#is(end)) {
          break;
        }
      }
      item();
    }
    this.#scanner.take();
  }

  #flowPair(node: MappingNode, end: 'flow-sequence-end' | 'flow-mapping-end'): void {
    this.#scanner.take();
    const key = this.#is('value', 'flow-entry', end) ? this.#empty() : this.#node(FLOW);
    const hasValue = this.#is('value');
    if (hasValue) {
      this.#scanner.take();
    }
    const isEmpty = !hasValue || this.#is('flow-entry', end);
    node.pairs.push({ key, value: isEmpty ? this.#empty() : this.#node(FLOW) });
  }
}
