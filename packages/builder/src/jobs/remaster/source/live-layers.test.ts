import { expect, test } from 'vitest';
import type { Listing } from './listing.ts';
import { hasLiveServer, missingLayers } from './live-layers.ts';

const files = (...names: string[]): Listing =>
  new Map(
    names.map((name) => [`/casper/${name}`, { path: `/casper/${name}`, kind: 'file', bytes: 1 }]),
  );

test('finds the layers that each layer is stacked on from its name', () => {
  expect(missingLayers(files('a.squashfs', 'a.b.squashfs', 'a.b.squashfs.gpg'), [])).toEqual([]);
  expect(missingLayers(files('a.b.c.squashfs'), [])).toEqual([
    '/casper/a.b.squashfs',
    '/casper/a.squashfs',
  ]);
});

test('an installable system needs its own layer', () => {
  expect(missingLayers(files('a.squashfs'), ['a.b.squashfs'])).toEqual(['/casper/a.b.squashfs']);
});

test('recognizes the live server by its layer', () => {
  const name = 'ubuntu-server-minimal.ubuntu-server.installer.generic.squashfs';
  expect(hasLiveServer(files(name))).toBe(true);
  expect(hasLiveServer(files('minimal.standard.live.squashfs'))).toBe(false);
});
