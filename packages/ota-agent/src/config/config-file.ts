import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { agentConfigSchema } from './agent-config.ts';

/** One config file, checked by itself. */
export interface ConfigFile {
  readonly path: string;
  /** Its keys as they are written, without defaults; `{}` when there are problems. */
  readonly value: Readonly<Record<string, unknown>>;
  /** `path:line: what is wrong`; empty when all is well. */
  readonly problems: readonly string[];
}

/** Reads one; undefined when there is none. Never throws: what is wrong is in `problems`. */
export function readConfigFile(path: string): ConfigFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    return { path, value: {}, problems: [`${path}: cannot be read (${String(code ?? error)})`] };
  }
  return checkConfigText(path, text);
}

/** Checks the text of a config file. */
export function checkConfigText(path: string, text: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${path}:${lines.linePos(offset).line}`;
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return broken(syntax.map((error) => `${at(error.pos[0])}: ${error.message}`));
  }
  const value: unknown = plain(document) ?? {};
  const checked = agentConfigSchema.safeParse(value);
  if (checked.success && isRecord(value)) {
    return { path, value, problems: [] };
  }
  return broken(
    (checked.error?.issues ?? []).flatMap((issue) => {
      const keys = issue.path.map(String);
      const say = (names: readonly string[], what: string) =>
        `${at(offsetOf(document.contents, names))}: ${[names.join('.'), what].filter((part) => part !== '').join(': ')}`;
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => say([...keys, key], 'is no known key'))
        : [say(keys, issue.message)];
    }),
  );

  function broken(problems: readonly string[]): ConfigFile {
    return { path, value: {}, problems };
  }
}

/** Where a key stands in the text; of one that is not there, where its group begins. */
function offsetOf(root: Node | null, keys: readonly string[]): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of keys) {
    if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      offset = pair?.key.range?.[0] ?? offset;
      node = pair?.value ?? null;
    } else if (isSeq<Node | null>(node)) {
      node = node.items[Number(key)] ?? null;
      offset = node?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function plain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  // No use for aliases here; ten are more than anybody writes and too few to blow up.
  return document.toJS({ maxAliasCount: 10 });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
