import { mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { expect, it } from 'vitest';
import { archiveSources } from './archive.ts';
import { defaultMirrors, parseSources } from './default-mirrors.ts';
import { findTool, toolPath } from './tool-path.ts';

const hasMmdebstrap = (await findTool('mmdebstrap', toolPath(process.env['PATH']))) !== undefined;
if (!hasMmdebstrap) {
  console.warn('SKIPPED: mmdebstrap is not installed; its default mirrors are not asked for');
}

it('reads one-line sources, with options or without', () => {
  expect(
    parseSources(
      'I: running\ndeb http://mirror.example/debian bookworm main contrib\n' +
        'deb [signed-by="/k.gpg"] http://mirror.example/sec bookworm-security main\n',
    ),
  ).toEqual([
    { uri: 'http://mirror.example/debian', suite: 'bookworm', components: ['main', 'contrib'] },
    { uri: 'http://mirror.example/sec', suite: 'bookworm-security', components: ['main'] },
  ]);
});

it.skipIf(!hasMmdebstrap)('gets the archives of a suite from mmdebstrap itself', async () => {
  const sources = await defaultMirrors('noble');

  expect(sources.map(({ suite }) => suite)).toEqual(['noble', 'noble-updates', 'noble-security']);
  expect(sources.every(({ uri }) => URL.canParse(uri))).toBe(true);
});

it('refuses a suite for which mmdebstrap has no archive', async () => {
  const silent = async () => ({ stdout: '', stderr: '', exitCode: 0 });

  await expect(defaultMirrors('nosuch', { run: silent })).rejects.toMatchObject({
    code: 'suite-unknown',
  });
});

it('leaves nothing of a mmdebstrap that is cancelled', async () => {
  let folder = tmpdir();
  const cancelled: Runner = async (_file, _args, options) => {
    folder = options?.env?.['TMPDIR'] ?? folder;
    await mkdir(join(folder, 'mmdebstrap.cut'));
    throw new Error('cancelled');
  };
  await expect(defaultMirrors('noble', { run: cancelled })).rejects.toThrow('cancelled');
  await expect(stat(join(folder, 'mmdebstrap.cut'))).rejects.toThrow('ENOENT');
});

it('uses the configured mirror for every pocket', async () => {
  const profile = {
    suite: 'bookworm',
    updatesSuite: 'bookworm-updates',
    securitySuite: 'bookworm-security',
    components: ['main'],
  };

  const sources = await archiveSources(profile, {
    archive: 'http://mirror.example/debian',
    security: 'http://mirror.example/debian-security',
  });

  expect(sources.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
    'http://mirror.example/debian bookworm',
    'http://mirror.example/debian bookworm-updates',
    'http://mirror.example/debian-security bookworm-security',
  ]);
});
