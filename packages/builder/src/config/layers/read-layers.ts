import { realpath } from 'node:fs/promises';
import { dirname, join, normalize, resolve } from 'node:path';
import { errnoOf, MicroLinuxError, reasonOf } from '@micro-linux/core';
import { readSmallFile } from '../../system/files/require-file.ts';
import { decodeConfig } from '../config-file.ts';
import { checkFilePath } from '../file-path.ts';
import { configInvalid, type Finding } from '../findings.ts';
import { Origins } from '../origin.ts';
import { isGroup } from '../override.ts';
import { readYaml } from '../yaml-source.ts';
import { type Layer, mergeLayer } from './merge-layer.ts';
import { takeVariants, type Variants } from './variants.ts';

/** Files in a row of which each extends the next. More is a mistake that nobody can follow. */
const MAXIMUM_DEPTH = 8;

/** A config file. */
export interface ConfigText {
  /** Absolute path. */
  readonly path: string;
  /** Its name for messages. */
  readonly name: string;
  readonly text: string;
}

/** A config file merged with those that it extends. */
export interface Layers extends Layer {
  readonly findings: readonly Finding[];
  /** Absolute paths of the files that the first one extends, in the order in which they count. */
  readonly bases: readonly string[];
  readonly variants: Variants;
}

const checkBase = checkFilePath('the config file to build on');

/**
 * Reads a config file and all that it extends. A file that several others extend counts once, where
 * it is first named.
 *
 * @throws MicroLinuxError `config-syntax` for a file that is not YAML, `config-invalid` for one
 *   without keys.
 */
export async function readLayers(main: ConfigText): Promise<Layers> {
  const merged: Layer = { value: {}, origins: new Origins() };
  const findings: Finding[] = [];
  const bases: string[] = [];
  const variants: Variants = new Map();
  const seen = new Set<string>();
  await add(main, [await identity(main.path)]);
  return { ...merged, findings, bases, variants };

  /** @param chain identities of the files that led here, the file itself last. */
  async function add(file: ConfigText, chain: readonly string[]): Promise<void> {
    const { value, origins, findings: own } = readYaml(file.text, file.name);
    findings.push(...own);
    if (!isGroup(value)) {
      throw configInvalid([
        {
          path: [],
          origin: origins.of([]),
          problem: 'the file must contain keys, such as `profile: noble`',
          fix: 'write one key and its value in each line',
        },
      ]);
    }
    if (chain.length === 1) {
      merged.origins.set([], origins.of([]));
    }
    for (const base of basesOf({ value, origins })) {
      await addBase(base, file, chain);
    }
    delete value['extends'];
    findings.push(...takeVariants({ value, origins }, variants));
    mergeLayer(merged, { value, origins, at: [] });
  }

  /** The files that a file extends, with findings about what is not the name of one. */
  function basesOf({ value, origins }: Layer): readonly Base[] {
    const given = Object.hasOwn(value, 'extends') ? value['extends'] : [];
    const list = Array.isArray(given) ? given : [given];
    return list.flatMap((name: unknown, index) => {
      const path = Array.isArray(given) ? ['extends', index] : ['extends'];
      const base = { path, origin: origins.of(path) };
      const problem = typeof name === 'string' ? checkBase(name) : undefined;
      if (typeof name === 'string' && !problem) {
        return [{ ...base, name }];
      }
      findings.push({
        ...base,
        problem: problem?.what ?? 'must be the path of a config file, or a list of them',
        fix: problem?.fix ?? 'extends: ../base.yaml',
      });
      return [];
    });
  }

  async function addBase(base: Base, file: ConfigText, chain: readonly string[]): Promise<void> {
    const path = resolve(dirname(file.path), base.name);
    const name = base.name.startsWith('/')
      ? base.name
      : normalize(join(dirname(file.name), base.name));
    const id = await identity(path);
    const complain = (problem: string, fix: string) => {
      findings.push({ path: base.path, origin: base.origin, problem, fix });
    };
    if (chain.includes(id)) {
      complain(
        `names ${name}, which ${chain.at(-1) === id ? 'is this file' : 'extends this file'}`,
        'a file must not build on itself: remove one of the two',
      );
      return;
    }
    if (seen.has(id)) {
      return;
    }
    if (chain.length > MAXIMUM_DEPTH) {
      complain(
        `is the ${chain.length}th file in a row that extends another`,
        `name the files that ${name} extends in fewer steps; at most ${MAXIMUM_DEPTH} are read`,
      );
      return;
    }
    seen.add(id);
    let bytes: Buffer;
    try {
      bytes = await readSmallFile(path);
    } catch (error) {
      complain(
        `names ${name}, which ${whyUnreadable(error)}`,
        `correct the path; looked for ${path}`,
      );
      return;
    }
    bases.push(path);
    await add({ path, name, text: decodeConfig(bytes, name) }, [...chain, id]);
  }
}

interface Base extends Pick<Finding, 'path' | 'origin'> {
  readonly name: string;
}

/** The same for two names of one file. */
function identity(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function whyUnreadable(error: unknown): string {
  if (errnoOf(error) === 'ENOENT') {
    return 'does not exist';
  }
  if (errnoOf(error) === 'EISDIR') {
    return 'is a folder';
  }
  return error instanceof MicroLinuxError ? 'is not a file' : `cannot be read: ${reasonOf(error)}`;
}
