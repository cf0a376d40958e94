import fc from 'fast-check';
import { expect, test } from 'vitest';
import { yamlText } from './generate.ts';
import { loadYaml } from './load-yaml.ts';
import { encodeValue, hasPyYaml, readByPyYaml } from './oracle.ts';
import { YamlError } from './yaml-error.ts';

/**
 * Number of generated texts, always the same ones. Set MICRO_LINUX_YAML_RUNS=20000 for thousands of
 * others.
 */
const ASKED = process.env['MICRO_LINUX_YAML_RUNS'];
const RUNS = Number(ASKED ?? 600);
const SAMPLE = { numRuns: RUNS, ...(ASKED === undefined ? { seed: 1 } : {}) };

function read(text: string): unknown {
  try {
    return encodeValue(loadYaml(text).value);
  } catch (error) {
    if (error instanceof YamlError) {
      return { error: `${error.line}:${error.column} ${error.message}` };
    }
    throw error;
  }
}

function isRefused(read: unknown): boolean {
  return typeof read === 'object' && read !== null && 'error' in read;
}

if (!hasPyYaml) {
  console.warn('SKIPPED: no python3 with yaml here: apt-get install python3-yaml');
}

test.skipIf(!hasPyYaml)(
  'reads every generated text as PyYAML does, or refuses it too',
  () => {
    const texts = fc.sample(yamlText, SAMPLE);
    const real = readByPyYaml(texts);
    const differences = texts.flatMap((text, index) => {
      const ours = read(text);
      const theirs = real[index];
      const same =
        isRefused(ours) || isRefused(theirs)
          ? isRefused(ours) === isRefused(theirs)
          : JSON.stringify(ours) === JSON.stringify(theirs);
      return same ? [] : [{ text, ours, theirs }];
    });
    if (ASKED !== undefined) {
      const refused = real.filter(isRefused).length;
      console.info(
        `${RUNS} texts, ${refused} refused by PyYAML, ${differences.length} differences`,
      );
    }
    expect(differences.slice(0, 5)).toEqual([]);
  },
  600_000,
);
