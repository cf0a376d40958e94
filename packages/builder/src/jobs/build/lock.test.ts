import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockArtifacts } from './lock.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('lets one build at a time write to a directory', async () => {
  const release = await lockArtifacts(join(directory, 'artifacts'));
  await expect(lockArtifacts(join(directory, 'artifacts'))).rejects.toMatchObject({
    code: 'build-running',
    exitCode: 6,
  });
  await release();
  await (await lockArtifacts(join(directory, 'artifacts')))();
});

it('reports a directory that it cannot write', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(lockArtifacts(join(directory, 'file/artifacts'))).rejects.toMatchObject({
    code: 'artifacts-unwritable',
  });
});
