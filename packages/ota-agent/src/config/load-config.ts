import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import { type AgentConfig, agentConfigSchema, defaultConfig } from '@micro-linux/provision';
import { type ConfigFile, readConfigFile, unreadable } from './config-file.ts';

const FILE = 'config.yaml';
const DROP_INS = 'config.yaml.d';
const MAXIMUM_DROP_INS = 100;

/** The config from the files. */
interface LayeredConfig extends LoadedConfig {
  /** The first file with an error. */
  readonly broken: string | undefined;
}

/** The config of this device, and what it was read from. */
export interface LoadedConfig {
  readonly config: AgentConfig;
  /** In the order in which they were merged. */
  readonly files: readonly string[];
  /** Why `config` differs from the files; empty when it does not. */
  readonly problems: readonly string[];
}

/**
 * The config: the first `config.yaml` of the directories, then the drop-ins of all of them by name,
 * each overriding the previous ones key by key; lists are replaced. If two drop-ins have the same
 * name, the one in the first directory counts. The highest of all signature thresholds counts.
 *
 * @param directories highest precedence first.
 * @throws MicroLinuxError `config-invalid` with each problem's file and line, exit code 2.
 */
export function loadConfig(directories: readonly string[]): AgentConfig {
  const { config, problems, broken } = layered(directories);
  if (problems.length > 0) {
    throw new MicroLinuxError({
      code: 'config-invalid',
      message: problems.length === 1 ? problems.join() : 'the config of ota-agent is not valid',
      why: problems.length === 1 ? undefined : problems.join('\n'),
      hint: `correct it, or do without it: sudo mv ${broken} ${broken}.off`,
      exitCode: ExitCode.usage,
    });
  }
  return config;
}

/**
 * The config for commands that must work at boot even if the administrator's config is broken: then
 * the image's config; if that is broken too, the defaults. Never throws.
 *
 * @param directories as for {@link loadConfig}; the last one is the image's.
 */
export function loadConfigAtBoot(directories: readonly string[]): LoadedConfig {
  const wanted = layeredOrDefault(directories);
  if (wanted.problems.length === 0) {
    return wanted;
  }
  const image = layeredOrDefault(directories.slice(-1));
  return image.problems.length === 0
    ? { ...image, problems: wanted.problems }
    : { config: defaultConfig(), files: [], problems: wanted.problems };
}

/** A bug in this program or its libraries must not keep a boot from being confirmed. */
function layeredOrDefault(directories: readonly string[]): LoadedConfig {
  try {
    return layered(directories);
  } catch (error) {
    return {
      config: defaultConfig(),
      files: [],
      problems: [`the config cannot be read: ${error}`],
    };
  }
}

function layered(directories: readonly string[]): LayeredConfig {
  const base = firstOf(directories.map((directory) => join(directory, FILE)));
  const files = [...(base ? [base] : []), ...dropIns(directories)];
  const problems = files.flatMap((file) => file.problems);
  const merged = files.reduce<Readonly<Record<string, unknown>>>(
    (below, file) => layOver(below, file.value),
    {},
  );
  // Each file is valid by itself, and no check depends on two keys, so the merged config is valid.
  const config = agentConfigSchema.parse(merged);
  const threshold = Math.max(config.signatures.threshold, ...everyThreshold(directories));
  return {
    config: { ...config, signatures: { ...config.signatures, threshold } },
    files: files.map(({ path }) => path),
    problems,
    broken: files.find((file) => file.problems.length > 0)?.path,
  };
}

/**
 * Every threshold in any file, even one that a file of the same name overrides: an administrator
 * who changes a check's time limit does not mean to require fewer signatures.
 */
function everyThreshold(directories: readonly string[]): readonly number[] {
  return directories
    .flatMap((directory) => [
      join(directory, FILE),
      ...orNone(() => yamlFiles(join(directory, DROP_INS))).map((name) =>
        join(directory, DROP_INS, name),
      ),
    ])
    .flatMap((path) => readConfigFile(path) ?? [])
    .map(({ value }) => agentConfigSchema.parse(value).signatures.threshold);
}

function dropIns(directories: readonly string[]): ConfigFile[] {
  const pathOf = new Map<string, string>();
  const unusable: ConfigFile[] = [];
  for (const directory of directories.map((parent) => join(parent, DROP_INS))) {
    try {
      for (const name of yamlFiles(directory)) {
        if (!pathOf.has(name)) {
          pathOf.set(name, join(directory, name));
        }
      }
    } catch (error) {
      unusable.push(unreadable(directory, `cannot be read (${reasonOf(error)})`));
    }
  }
  const names = [...pathOf.keys()].sort();
  return [...unusable, ...names.flatMap((name) => readConfigFile(pathOf.get(name) ?? '') ?? [])];
}

/**
 * @throws Error when the directory cannot be read, or contains too many: reading takes bounded
 * time.
 */
function yamlFiles(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /^[^.].*\.yaml$/s.test(name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) {
      return [];
    }
    throw error;
  }
  if (names.length > MAXIMUM_DROP_INS) {
    throw new Error(`it contains ${names.length} files; the maximum is ${MAXIMUM_DROP_INS}`);
  }
  return names;
}

const reasonOf = (error: unknown): string => errnoOf(error) ?? String(error);

function firstOf(paths: readonly string[]): ConfigFile | undefined {
  for (const path of paths) {
    const file = readConfigFile(path);
    if (file) {
      return file;
    }
  }
  return undefined;
}

/** `dropIns` has already reported a directory that cannot be read. */
function orNone(read: () => string[]): string[] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** Two levels: groups, then keys. */
function layOver(
  below: Readonly<Record<string, unknown>>,
  above: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const merged: Record<string, unknown> = { ...below };
  for (const [group, value] of Object.entries(above)) {
    const known = merged[group];
    merged[group] =
      typeof known === 'object' && known !== null && typeof value === 'object' && value !== null
        ? { ...known, ...value }
        : value;
  }
  return merged;
}
