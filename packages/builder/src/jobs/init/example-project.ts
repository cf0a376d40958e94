import { isMap, isScalar, parseDocument } from 'yaml';
import { DEFAULT_CONFIG_FILE } from '../../config/config-file.ts';
import { exampleFolder } from './examples.ts';
import { filesIn, type ProjectFile, projectFiles, withText, yamlText } from './project-files.ts';

/** What the owner of a copy decides. */
export interface ExampleNames {
  /** Product id and host name. */
  readonly name: string;
  /** By default the user of the example. */
  readonly user: string | undefined;
}

/** What builds and users put into the folder of an example, which no copy gets. */
const NOT_COPIED = /^(?:artifacts|keys|node_modules)$|\.deb$/;
/** Of every project: what an example has of it is for a checkout of this repository. */
const COMMON = /^(?:\.gitignore|\.github\/)/;

/**
 * The files of a project that begins as a copy of an example, sorted by path: the example with
 * its own names, and the `.gitignore` and CI workflow of every project.
 */
export async function exampleProject(
  example: string,
  { name, user }: ExampleNames,
): Promise<readonly ProjectFile[]> {
  const copied = await filesIn(exampleFolder(example), (part) => !NOT_COPIED.test(part));
  const common = await projectFiles({ name, user: user ?? '' });
  const own = copied
    .filter(({ path }) => !COMMON.test(path))
    .map((file) =>
      file.path === DEFAULT_CONFIG_FILE
        ? { ...file, content: withText(file.content, (text) => renamed(text, name, user)) }
        : file,
    );
  return [...own, ...common.filter(({ path }) => COMMON.test(path))].sort((one, other) =>
    one.path < other.path ? -1 : 1,
  );
}

/** A config with other names; everything else stays, comments and spacing included. */
function renamed(text: string, name: string, user: string | undefined): string {
  const withId = withValue(text, ['compatible'], name);
  const hostname = parseDocument(text).get('hostname');
  // A pattern such as "kiosk-{serial}" gives each device a name of its own.
  const isPattern = typeof hostname === 'string' && hostname.includes('{');
  const withHost = isPattern ? withId : withValue(withId, ['hostname'], name);
  return user === undefined ? withHost : withValue(withHost, ['user', 'name'], user);
}

/** Sets one scalar of a document of block mappings. */
function withValue(text: string, path: readonly [string, ...string[]], value: string): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  const written = yamlText(value);
  if (isScalar(node) && node.range) {
    const [start, end] = node.range;
    return `${text.slice(0, start)}${written}${text.slice(end)}`;
  }
  const [section, ...keys] = path;
  const map = document.get(section, true);
  const line = keys.length === 0 ? `${section}: ${written}` : `  ${keys.join('.')}: ${written}`;
  if (keys.length > 0 && isMap(map) && map.range) {
    const at = text.lastIndexOf('\n', map.range[0]) + 1;
    return `${text.slice(0, at)}${line}\n${text.slice(at)}`;
  }
  return `${text.trimEnd()}\n\n${keys.length === 0 ? line : `${section}:\n${line}`}\n`;
}
