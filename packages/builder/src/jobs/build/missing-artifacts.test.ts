import { expect, it } from 'vitest';
import { ARTIFACTS, type ArtifactKind } from '../../artifacts/index.ts';
import { missingArtifacts } from './missing-artifacts.ts';
import { testConfig } from './testing.ts';

const ALL = ['qcow2', 'update', 'seed', 'iso'] as const;

it.each<[ArtifactKind[], ArtifactKind[]]>([
  [['qcow2', 'update', 'seed', 'iso'], []],
  [
    ['qcow2', 'update', 'seed'],
    ['seed', 'iso'],
  ],
  [
    ['qcow2', 'update', 'iso'],
    ['seed', 'iso'],
  ],
  [['qcow2', 'seed', 'iso'], ['update']],
  [
    ['update', 'seed', 'iso'],
    ['qcow2', 'seed', 'iso'],
  ],
])('with %j kept, %j is made', async (kept, made) => {
  expect(missingArtifacts(ALL, kept, await testConfig(), ARTIFACTS)).toEqual(made);
});

it('a new disk keeps a password that was not generated here', async () => {
  const config = await testConfig('user: {password: disabled, sshKeys: [KEY]}'.replace('KEY', KEY));
  expect(missingArtifacts(ALL, ['update', 'seed', 'iso'], config, ARTIFACTS)).toEqual(['qcow2']);
});

it('makes only what was requested', async () => {
  expect(missingArtifacts(['seed'], [], await testConfig(), ARTIFACTS)).toEqual(['seed']);
});

it('all disks have the same password', async () => {
  const wanted = ['qcow2', 'vmdk', 'update'];
  const config = await testConfig();
  expect(missingArtifacts(wanted, ['qcow2', 'update'], config, ARTIFACTS)).toEqual([
    'qcow2',
    'vmdk',
  ]);
});

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFdxHnYyZKAa63YJeSna2LHMUg4YwB3vJ+RDC3nzfwpN me@example';
