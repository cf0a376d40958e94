import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HASHES } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BuildRecord } from '../../artifacts/build-record.ts';
import { ARTIFACTS, type ArtifactKind } from '../../artifacts/index.ts';
import { artifactRecord } from '../../artifacts/ready-artifact.ts';
import { writeCredentials } from '../../output/credentials.ts';
import { keptArtifacts, protectLogins, untouchedArtifacts } from './kept-artifacts.ts';
import { testConfig } from './testing.ts';

const FILES: readonly (readonly [ArtifactKind, string])[] = [
  ['qcow2', 'a.qcow2'],
  ['update', 'a.update.img'],
  ['seed', 'autoinstall/user-data'],
  ['seed', 'autoinstall/meta-data'],
  ['seed', 'autoinstall/autoinstall.yaml'],
  ['iso', 'a.iso'],
];

let artifacts: string;
let record: BuildRecord;
beforeEach(async () => {
  artifacts = await mkdtemp(join(tmpdir(), 'kept-artifacts-'));
  const records = [];
  for (const [kind, file] of FILES) {
    await mkdir(dirname(join(artifacts, file)), { recursive: true });
    await writeFile(join(artifacts, file), file);
    records.push({ ...(await artifactRecord(kind, file, '', artifacts)), key: `key of ${kind}` });
  }
  await writeCredentials(artifacts, { user: 'micro', password: 'secret', build: 'b1' });
  // Only these fields of the record are read.
  record = { build: 'b1', artifacts: records } as unknown as BuildRecord;
});
afterEach(() => rm(artifacts, { recursive: true }));

const kept = async (text = '', keyOf = (kind: string) => `key of ${kind}`) => {
  const found = await keptArtifacts(await untouchedArtifacts(record, ARTIFACTS, artifacts), {
    ...{ artifacts: ARTIFACTS, directory: artifacts, config: await testConfig(text) },
    ...{ build: record.build, keyOf },
  });
  return [...new Set(found.map(({ kind }) => kind))];
};

it('keeps unchanged artifacts', async () => {
  expect(await kept()).toEqual(['qcow2', 'update', 'seed', 'iso']);
});

it.each(FILES)('treats a %s whose file %s changed as missing', async (kind, file) => {
  // Use another length: the time may be the same within one millisecond.
  await writeFile(join(artifacts, file), 'something else');
  expect(await kept()).toEqual(
    ['qcow2', 'update', 'seed', 'iso'].filter((other) => other !== kind),
  );
});

it('treats an artifact with another key as missing', async () => {
  const isoChanged = (kind: string) => `${kind === 'iso' ? 'new ' : ''}key of ${kind}`;
  expect(await kept('', isoChanged)).toEqual(['qcow2', 'update', 'seed']);
});

it('treats an artifact whose password is lost as missing', async () => {
  await writeCredentials(artifacts, { user: 'micro', password: 'secret', build: 'b2' });
  expect(await kept()).toEqual(['update']);
  expect(await kept(`user: {password: ${HASHES[0]}}`)).toHaveLength(4);
});

it('makes a kept artifact with a login readable by its owner only', async () => {
  for (const [, file] of FILES) {
    await chmod(join(artifacts, file), 0o644);
  }
  await protectLogins(record.artifacts, ARTIFACTS, artifacts);
  for (const [kind, file] of FILES) {
    const { mode } = await stat(join(artifacts, file));
    expect(mode & 0o777, file).toBe(kind === 'update' ? 0o644 : 0o600);
  }
  expect(await kept()).toHaveLength(4);
});
