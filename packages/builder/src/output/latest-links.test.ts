import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { listeningReporter } from '../keys/testing.ts';
import { linkLatest } from './latest-links.ts';

let latest: string;
beforeEach(async () => {
  latest = await mkdtemp(join(tmpdir(), 'latest-'));
  onTestFinished(() => rm(latest, { recursive: true }));
});

/** A build of a product that left these files, each with the product's name in it. */
async function built(name: string, files: readonly string[]) {
  const artifacts = join(latest, name);
  await mkdir(artifacts, { recursive: true });
  for (const file of files) {
    await writeFile(join(artifacts, file), name);
  }
  const reporter = listeningReporter();
  const places = { root: '/', cache: '/', temporary: '/', profile: 'bookworm' };
  await linkLatest({ ...places, artifacts, latest, name }, reporter);
  return reporter.said;
}

const read = (name: string) => readFile(join(latest, name), 'utf8');

test('the short names point to the last build, and each build keeps its own files', async () => {
  const files = (name: string) => [`${name}.qcow2`, `${name}.update.img`, 'credentials.txt'];
  await built('one_1.0.0_bookworm', files('one_1.0.0_bookworm'));
  await built('two_1.0.0_bookworm', [...files('two_1.0.0_bookworm'), 'notes.txt']);
  for (const link of ['micro-linux-bookworm.qcow2', 'credentials.txt']) {
    expect(await read(link)).toBe('two_1.0.0_bookworm');
  }
  expect(await read('one_1.0.0_bookworm/credentials.txt')).toBe('one_1.0.0_bookworm');
  expect(await readdir(latest)).toEqual([
    'credentials.txt',
    'micro-linux-bookworm.qcow2',
    'micro-linux-bookworm.update.img',
    'one_1.0.0_bookworm',
    'two_1.0.0_bookworm',
  ]);
});

test('replaces a file of an older builder, and reports a folder that it cannot replace', async () => {
  await writeFile(join(latest, 'micro-linux-bookworm.iso'), 'old');
  await mkdir(join(latest, 'autoinstall/full'), { recursive: true });
  const name = 'one_1.0.0_bookworm';
  await mkdir(join(latest, name, 'autoinstall'), { recursive: true });
  const said = await built(name, [`${name}.iso`]);
  expect(await read('micro-linux-bookworm.iso')).toBe(name);
  expect(said.join('\n')).toContain(`${join(latest, 'autoinstall')} does not point to`);
  expect(await readdir(latest)).toEqual(['autoinstall', 'micro-linux-bookworm.iso', name]);
});
