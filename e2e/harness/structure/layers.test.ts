import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, repositoryFiles } from '../docs/repository-files.ts';

/**
 * The folders of a program, highest first: a folder imports only from folders below it. Biome refuses
 * import cycles between files; this keeps cycles between folders out.
 */
const LAYERS = {
  'packages/builder/src': [
    ...['cli', 'jobs', 'artifacts', 'steps', 'autoinstall', 'host', 'vm', 'keys'],
    ...['output', 'plan', 'product', 'config', 'profiles', 'system'],
  ],
  'packages/ota-agent/src': [
    ...['commands', 'rollback', 'apply', 'mark-boot', 'status', 'install', 'verify', 'trial'],
    ...['health', 'effects', 'bootloader', 'boot-env', 'slots', 'config', 'trust', 'slot-image'],
    ...['raw-device', 'progress', 'journal', 'lock', 'json', 'sources', 'system', 'state'],
  ],
} as const;

const IMPORT = /(?:from|import) '(\.{1,2}\/[^']+)'/g;

/** `from → to` for each import between two folders of `root`, with the importing file. */
function arrows(root: string): { from: string; to: string; file: string }[] {
  return repositoryFiles()
    .filter((file) => file.startsWith(`${root}/`) && file.endsWith('.ts'))
    .filter((file) => !/\.(?:test|testdata)\.ts$|\/testing\.ts$|\/testdata\//.test(file))
    .flatMap((file) => {
      const folder = (path: string) => relative(root, path).split('/').slice(0, -1)[0] ?? '';
      return [...readFileSync(join(REPOSITORY, file), 'utf8').matchAll(IMPORT)]
        .map(([, target = '']) => ({
          from: folder(file),
          to: folder(join(dirname(file), target)),
          file,
        }))
        .filter(({ from, to }) => from !== '' && from !== to);
    });
}

describe.each(Object.entries(LAYERS))('%s', (root, layers) => {
  const all = arrows(root);

  it('lists every folder', () => {
    const folders = new Set(all.flatMap(({ from, to }) => [from, to]));
    expect(folders.size).toBeGreaterThan(10);
    expect([...folders].filter((name) => !(layers as readonly string[]).includes(name))).toEqual(
      [],
    );
  });

  it('imports point downwards', () => {
    const place = (name: string) => (layers as readonly string[]).indexOf(name);
    expect(all.filter(({ from, to }) => place(from) >= place(to))).toEqual([]);
  });
});
