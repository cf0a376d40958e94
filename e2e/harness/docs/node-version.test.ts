import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY, repositoryFiles } from './repository-files.ts';

/** The oldest Node that a package's `engines` take: its major version. */
function oldestNode(manifest: string): string | undefined {
  const { engines }: { readonly engines?: { readonly node?: string } } = JSON.parse(read(manifest));
  return /^>=(\d+)$/.exec(engines?.node ?? '')?.[1];
}

test('every text that names the oldest Node names that of package.json', () => {
  const oldest = oldestNode('package.json');
  expect(oldest).toMatch(/^\d+$/);
  expect(oldestNode('packages/grubenv/package.json')).toBe(oldest);

  const named = repositoryFiles()
    .filter((path) => /(?:^micro-linux|\.md)$/.test(path) && path !== 'CHANGELOG.md')
    .flatMap((path) =>
      [
        ...read(path).matchAll(/\bNode\s+(\d+)\s+or\s+(?:later|newer)|\bNode\s+(?:≥|>=) ?(\d+)/g),
      ].map(([, version, other]) => [path, version ?? other]),
    );
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter(([, version]) => version !== oldest)).toEqual([]);
});

test('the packed grubenv is tried on that Node', () => {
  const oldest = oldestNode('package.json');
  expect(read('e2e/grubenv/packed.e2e.ts')).toContain(`it.each(['${oldest}', `);
});

function read(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}
