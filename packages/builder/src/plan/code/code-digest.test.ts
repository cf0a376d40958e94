import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARTIFACT_KINDS, ARTIFACTS } from '../../artifacts/index.ts';
import { testConfig, testFacts } from '../../jobs/build/testing.ts';
import { profileOf } from '../../profiles/index.ts';
import { planBuild } from '../../steps/plan-build.ts';
import { inOrder } from '../in-order.ts';
import { codeReader } from './code-digest.ts';

const ROOT = join(import.meta.dirname, '../../../../..');

/** Leaves out external packages, and drops unused modules. */
const ownOnly: Plugin = {
  name: 'own-only',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^/ }, async ({ path, pluginData, ...more }) => {
      if (pluginData === 'ours') {
        return undefined;
      }
      const isOurs = /^(\.|\/|@micro-linux\/|grubenv$)/.test(path);
      if (!isOurs || isBuiltin(path)) {
        return { path, external: true };
      }
      const found = await resolve(path, { ...more, pluginData: 'ours' });
      return { ...found, sideEffects: false };
    });
  },
};

/** Files of the checkout that esbuild bundles for a module. */
async function bundled(module: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...{ absWorkingDir: ROOT, entryPoints: [join(ROOT, module)], bundle: true, metafile: true },
    ...{ write: false, format: 'esm', platform: 'node', logLevel: 'error', plugins: [ownOnly] },
    outdir: '/',
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
}

describe('the code of every step', async () => {
  const config = await testConfig();
  const plan = planBuild({
    ...{ config, facts: testFacts(), name: 'image', cacheDirectory: '', workDirectory: '' },
    ...{ profile: profileOf(config.profile), temporaryDirectory: '', instanceId: '' },
    identity: () => Promise.reject(new Error('code needs no identity')),
    signer: undefined,
  });
  const steps = inOrder(ARTIFACT_KINDS.map((kind) => ARTIFACTS[kind].step(plan)));
  const modules = new Set(
    steps.flatMap(({ code }) => code.filter((path) => path.startsWith('packages/builder/src/'))),
  );

  it.each([...modules].filter((path) => path.endsWith('.ts')))(
    'is all that esbuild would bundle: %s',
    async (module) => {
      const reader = await codeReader(ROOT);
      const found = [...reader.parts([module])].map((part) => part.split(' ')[0]);
      const expected = await bundled(module);
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.filter((path) => !found.includes(path))).toEqual([]);
      expect(found.filter((path) => /\.test\.|testdata|testing/.test(path ?? ''))).toEqual([]);
    },
  );
});

describe('the digest of code', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'code-digest-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const parts = async (...code: string[]) =>
    [...(await codeReader(root)).parts(code)].map((part) => part.split(' ')[0] ?? '').sort();
  const digest = async (...code: string[]) => (await codeReader(root)).digest(code);

  it('follows an index to the names that are imported', async () => {
    await write('a.ts', "import { one } from './index.ts';\none();\n");
    await write(
      'index.ts',
      "// Both.\nexport { one } from './one.ts';\nexport { two } from './two.ts';\n",
    );
    await write('one.ts', 'export function one() {}\n');
    await write('two.ts', 'export function two() {}\n');
    expect(await parts('a.ts')).toEqual(['a.ts', 'one.ts']);
    const before = await digest('a.ts');
    await write('two.ts', 'export function two() { return 2; }\n');
    expect(await digest('a.ts')).toBe(before);
    await write('one.ts', 'export function one() { return 1; }\n');
    expect(await digest('a.ts')).not.toBe(before);
  });

  it.each([
    ["import * as all from './index.ts';\nall.one();\n", ['a.ts', 'index.ts', 'one.ts', 'two.ts']],
    ["const { one } = await import('./index.ts');\n", ['a.ts', 'index.ts', 'one.ts', 'two.ts']],
    ["import { other as two } from './index.ts';\n", ['a.ts', 'two.ts']],
    ["import type { One } from './index.ts';\n", ['a.ts']],
    ["import { type One } from './one.ts';\n", ['a.ts']],
    ["import './one.ts';\n", ['a.ts', 'one.ts']],
    ["// import './one.ts';\nconst text = \"import './two.ts'\";\n", ['a.ts']],
  ])('follows %j', async (text, found) => {
    await write('a.ts', text);
    await write(
      'index.ts',
      "export { one } from './one.ts';\nexport { two as other } from './two.ts';\n",
    );
    await write('one.ts', 'export function one() {}\n');
    await write('two.ts', 'export function two() {}\n');
    expect(await parts('a.ts')).toEqual(found);
  });

  it('treats an index with side effects as a module', async () => {
    await write('a.ts', "import { one } from './index.ts';\n");
    await write('index.ts', "export { one } from './one.ts';\nexport const two = 2;\n");
    await write('one.ts', 'export function one() {}\n');
    expect(await parts('a.ts')).toEqual(['a.ts', 'index.ts', 'one.ts']);
  });

  it('identifies other packages by version, and ours by their files', async () => {
    await write('a.ts', "import { ours } from 'ours';\nimport { theirs } from 'theirs/part';\n");
    await write('node_modules/theirs/package.json', '{"name": "theirs", "version": "1.2.3"}');
    await write('packages/ours/package.json', '{"name": "ours", "exports": {".": "./main.ts"}}');
    await write('packages/ours/main.ts', 'export function ours() {}\n');
    await symlink('../packages/ours', join(root, 'node_modules/ours'));
    expect(await parts('a.ts')).toEqual(['a.ts', 'packages/ours/main.ts', 'theirs@1.2.3']);
  });

  it('works on compiled and installed JavaScript', async () => {
    await write(
      'dist/step.js',
      "import { a } from './chunk.js';\nimport { run } from '@ours/core';\n",
    );
    await write('dist/chunk.js', 'export const a = 1;\n');
    await write(
      'node_modules/@ours/core/package.json',
      '{"name": "@ours/core", "version": "1.0.0"}',
    );
    expect(await parts('dist/step.js')).toEqual([
      '@ours/core@1.0.0',
      'dist/chunk.js',
      'dist/step.js',
    ]);
  });

  it('fails if an import is missing', async () => {
    await write('a.ts', "import './gone.ts';\n");
    await expect(digest('a.ts')).rejects.toThrow('gone.ts');
    await write('a.ts', "import 'gone';\n");
    await expect(digest('a.ts')).rejects.toThrow('gone');
  });
});
