import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listeningReporter } from '../../keys/testing.ts';
import {
  ageInWords,
  describeRelease,
  readArchiveState,
  writeArchiveState,
} from '../../steps/rootfs/archive-state.ts';
import { compareArchive } from './compare-archive.ts';
import { testConfig } from './testing.ts';

const SUITE = 'bookworm-security';

/** An InRelease with only the fields that are read. */
function inRelease(date: string, packages: string, others = '1'): string {
  return [
    '-----BEGIN PGP SIGNED MESSAGE-----',
    `Suite: ${SUITE}`,
    `Date: ${date}`,
    'SHA256:',
    ` ${packages.repeat(64).slice(0, 64)}     1234 main/binary-amd64/Packages.xz`,
    ` ${others.repeat(64).slice(0, 64)}     1234 main/binary-arm64/Packages.xz`,
    ` ${others.repeat(64).slice(0, 64)}     1234 contrib/binary-amd64/Packages.xz`,
  ].join('\n');
}

const THEN = inRelease('Fri, 20 Nov 2026 10:00:00 UTC', 'a');

let server: Server;
let url: string;
let now: string;
let asked: number;
beforeEach(async () => {
  [now, asked] = [THEN, 0];
  server = createServer((_request, response) => {
    asked += 1;
    response.end(now);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dists/${SUITE}/InRelease`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function compared(options: { offline?: boolean; noNote?: boolean } = {}) {
  const reporter = listeningReporter();
  const release = describeRelease(THEN, { url, suite: SUITE, components: ['main'] });
  const age = await compareArchive(
    { fetchedAt: '2026-11-20T12:00:00.000Z', releases: options.noNote ? [] : [release] },
    {
      reporter,
      // Only used if the archive was not recorded.
      config: await testConfig(
        `mirror: {archive: '${new URL('/', url).href}', security: '${new URL('/', url).href}'}`,
      ),
      signal: new AbortController().signal,
      offline: options.offline === true,
      now: new Date('2026-11-30T12:00:00Z'),
    },
  );
  return { ...age, said: reporter.said.join('\n') };
}

describe('the packages of a cached root file system', () => {
  test('are current if the archive only signed its lists again', async () => {
    now = inRelease('Mon, 30 Nov 2026 10:00:00 UTC', 'a', '2');
    expect(await compared()).toEqual({
      fetchedAt: '2026-11-20T12:00:00.000Z',
      archiveIsNewer: false,
      newerSuites: [],
      said: 'packages of 2026-11-20, 10 days old; the archive has no newer ones',
    });
  });

  test('are outdated: warns, with the command that updates them', async () => {
    now = inRelease('Sun, 29 Nov 2026 10:00:00 UTC', 'b');
    const { said, ...age } = await compared();
    expect(age).toMatchObject({ archiveIsNewer: true, newerSuites: [SUITE] });
    expect(said).toBe(
      `warning: the packages are of 2026-11-20, 10 days old, and the archive has newer ones: ${SUITE} of 2026-11-29. To get them: ./micro-linux build --fresh`,
    );
  });

  test('cannot be compared without a network, and the build continues', async () => {
    server.close();
    server.closeAllConnections();
    const { said, archiveIsNewer } = await compared();
    expect(archiveIsNewer).toBeNull();
    expect(said).toContain('whether there are newer ones is not known');
  });

  test('makes no request with --offline', async () => {
    expect(await compared({ offline: true })).toMatchObject({ archiveIsNewer: null });
    expect(asked).toBe(0);
  });

  test.each([
    ['Fri, 20 Nov 2026 11:59:00 UTC', false],
    ['Fri, 20 Nov 2026 12:01:00 UTC', true],
  ])('of an older micro-linux are compared by date only: %s', async (date, archiveIsNewer) => {
    now = inRelease(date, 'c');
    expect(await compared({ noNote: true })).toMatchObject({ archiveIsNewer });
    expect(asked).toBe(3);
  });
});

test('the state of the archive is next to the root file system; otherwise its own time counts', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'archive-state-'));
  await writeFile(join(directory, 'rootfs.tar'), '');
  await utimes(join(directory, 'rootfs.tar'), 1_700_000_000, 1_700_000_000);
  expect(await readArchiveState(directory)).toEqual({
    fetchedAt: '2023-11-14T22:13:20.000Z',
    releases: [],
  });
  const release = describeRelease(THEN, { url, suite: SUITE, components: ['main'] });
  expect(release).toMatchObject({ date: '2026-11-20T10:00:00.000Z', index: expect.any(String) });
  const state = { fetchedAt: '2026-11-20T12:00:00.000Z', releases: [release] };
  await writeArchiveState(directory, state);
  expect(await readArchiveState(directory)).toEqual(state);
  await rm(directory, { recursive: true });
});

test.each([
  ['2026-11-30T00:00:00Z', '2026-11-30, less than a day old'],
  ['2026-11-29T11:00:00Z', '2026-11-29, 1 day old'],
  ['2026-12-24T00:00:00Z', '2026-12-24, less than a day old'],
])('%s is %s', (fetchedAt, words) => {
  expect(ageInWords(fetchedAt, new Date('2026-11-30T12:00:00Z'))).toBe(words);
});
