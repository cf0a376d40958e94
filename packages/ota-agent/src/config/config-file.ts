import { errnoOf, printableLine } from '@micro-linux/core';
import { agentConfigSchema } from '@micro-linux/provision';
import {
  CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { readRegularFile } from '../state/read-file.ts';

/** One config file, checked on its own. */
export interface ConfigFile {
  readonly path: string;
  /** Its keys as they are written, without defaults; `{}` when there are problems. */
  readonly value: Readonly<Record<string, unknown>>;
  /** `path:line: what is wrong`; empty when all is well. */
  readonly problems: readonly string[];
}

/** A config has few keys; the schema allows some hundred lines. */
const MAXIMUM_BYTES = 32 * 1024;
/** Maximum number of problems reported for one file. */
const MAXIMUM_PROBLEMS = 10;
const PROBLEM_CHARACTERS = 300;

/** Reads one; undefined when there is none. Never throws: errors are in `problems`. */
export function readConfigFile(path: string): ConfigFile | undefined {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(path, MAXIMUM_BYTES);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return undefined;
    }
    const why = code === 'EFBIG' ? `more than ${MAXIMUM_BYTES} bytes` : (code ?? String(error));
    return unreadable(path, `cannot be read (${why})`);
  }
  try {
    return checkConfigText(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return unreadable(path, 'is not UTF-8 text');
  }
}

/** A file, or a directory of files, that is ignored as a whole. */
export function unreadable(path: string, what: string): ConfigFile {
  return brokenFile(path, [what], () => `${path}: ${what}`);
}

function brokenFile<T>(
  path: string,
  problems: readonly T[],
  say: (problem: T) => string,
): ConfigFile {
  const told = problems
    .slice(0, MAXIMUM_PROBLEMS)
    .map((problem) => printableLine(say(problem), PROBLEM_CHARACTERS));
  const rest = problems.length - told.length;
  return {
    path,
    value: {},
    problems: rest > 0 ? [...told, `${path}: and ${rest} more`] : told,
  };
}

/** Checks the text of a config file, in time bounded by its length. Never throws. */
export function checkConfigText(path: string, text: string): ConfigFile {
  const broken = <T>(problems: readonly T[], say: (problem: T) => string) =>
    brokenFile(path, problems, say);
  const deep = tooDeep(text);
  if (deep !== undefined) {
    return broken([deep], (line) => `${path}:${line}: is nested too deeply`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const at = (offset: number) => `${path}:${lines.linePos(offset).line}`;
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return broken(syntax, (error) => `${at(error.pos[0])}: ${error.message}`);
  }
  const aliases: number[] = [];
  visit(document, {
    Alias: (_, alias) => void aliases.push(alias.range?.[0] ?? 0),
  });
  if (aliases.length > 0) {
    return broken(aliases, (offset) => `${at(offset)}: ${ALIAS_PROBLEM}`);
  }
  const value: unknown = document.toJS() ?? {};
  const checked = agentConfigSchema.safeParse(value);
  if (checked.success && isRecord(value)) {
    return { path, value, problems: [] };
  }
  const issues = (checked.error?.issues ?? []).flatMap((issue) => {
    const keys = issue.path.map(String);
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ keys: [...keys, key], what: 'is not a known key' }))
      : [{ keys, what: issue.message }];
  });
  return broken(issues, ({ keys, what }) => {
    const words = [keys.join('.'), what].filter((part) => part !== '').join(': ');
    return `${at(offsetOf(document.contents, keys))}: ${words}`;
  });
}

/** As the builder says it: packages/builder/src/config/yaml-document.ts. */
const ALIAS_PROBLEM = '* begins an alias, which is not supported here; write it in single quotes';

/** The config has three levels. The parser needs a minute for 20,000. */
const MAXIMUM_DEPTH = 32;

/**
 * The line in which brackets, or list and key indicators, are nested too deeply; undefined if there
 * is none. Indentation cannot get deep in a file of this size.
 */
function tooDeep(text: string): number | undefined {
  let line = 1;
  let brackets = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    switch (CST.tokenType(token)) {
      case 'flow-map-start':
      case 'flow-seq-start':
        brackets += 1;
        break;
      case 'flow-map-end':
      case 'flow-seq-end':
        brackets -= 1;
        break;
      case 'seq-item-ind':
      case 'explicit-key-ind':
        indicators += 1;
        break;
      case 'newline':
        line += 1;
        indicators = 0;
        break;
    }
    if (brackets + indicators > MAXIMUM_DEPTH) {
      return line;
    }
  }
  return undefined;
}

/** The position of a key in the text; for a missing key, the start of its group. */
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
