import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { editorJsonSchema } from './json-schema.ts';
import { allKeys, keyInfo } from './key-info.ts';
import { loadConfig } from './load.ts';

const root = resolve(import.meta.dirname, '../../../..');
const read = (path: string) => readFile(resolve(root, path), 'utf8');

test('docs/micro-linux.schema.json is up to date', async () => {
  expect(
    JSON.parse(await read('docs/micro-linux.schema.json')),
    'run: node packages/builder/src/config/write-json-schema.ts && pnpm run format',
  ).toEqual(JSON.parse(JSON.stringify(editorJsonSchema())));
});

test('every key is described, and has a default or an example', () => {
  for (const key of allKeys()) {
    const info = keyInfo(key.split('.'));
    expect(info?.description, key).toBeTruthy();
    expect(info?.properties ?? info?.default ?? info?.examples, key).toBeDefined();
  }
});

test('every key is in the sample file and in docs/reference/config.md', async () => {
  const sample = await read('micro-linux.yaml');
  const docs = await read('docs/reference/config.md');
  for (const key of allKeys()) {
    expect(sample, key).toMatch(new RegExp(`^#? *(?:- )?${key.split('.').at(-1)}:`, 'm'));
    expect(docs, key).toContain(`\`${key}\``);
  }
});

test('the sample file is the default configuration', async () => {
  const sources = { env: {}, flags: [] };
  expect(await loadConfig({ ...sources, text: await read('micro-linux.yaml') })).toEqual(
    await loadConfig({ ...sources, text: '' }),
  );
});

test('the sample file shows the real defaults', async () => {
  // Without the examples of keys that have no default.
  const shown = (await read('micro-linux.yaml'))
    .replace(/^# extends:[\s\S]*?\n\n/m, '\n')
    .replace(/^# mirror:[\s\S]*?keyring:.*$/m, '')
    .replace(/^# swap:\n.*\n/m, '')
    .replace(/^# network:\n# {3}kind: static[\s\S]*?\n\n/m, '\n')
    .replace(
      /^# +(?:package|interface|defaultTarget|firewall|sign\w+|minimumAgent|serial|model|path|ssd|sudo): .*$/gm,
      '',
    )
    .replace(/^# (?! *[A-Z]|yaml-lang|docs\/)/gm, '');
  const config = await loadConfig({ text: shown, env: {}, flags: [] });
  expect(config).toEqual(await loadConfig({ text: '', env: {}, flags: [] }));
  for (const key of ['esp: 256M', 'counter: 3', 'firmware: true', 'hostname: micro-linux']) {
    expect(shown).toMatch(new RegExp(`^ *${key}`, 'm'));
  }
});

test.each([
  ['extends: [a.yaml, b.yaml]\npackages: {add: {replace: [curl]}}\n', true],
  ['network: {replace: {kind: dhcp}}\nvariants: {a: {disk: {size: 6G}}}\n', true],
  ['packages: {add: {replace: curl}}\n', false],
  ['packages: {add: {replace: [curl], more: 1}}\n', false],
  ['hostname: {replace: a}\n', false],
  ['variants: {a: {extends: b.yaml}}\n', false],
  ['extends: {}\n', false],
])('editors judge %j as the builder does', (text, isValid) => {
  expect(new Ajv({ strict: false }).compile(editorJsonSchema())(parse(text))).toBe(isValid);
});
