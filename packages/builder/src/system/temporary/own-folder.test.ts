import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProcess, run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeOwnFolder, sweepFolders } from './own-folder.ts';
import { OWNER_VARIABLE, type Owner, ownerName, ownerRuns, ownOwner } from './owner.ts';
import { partialPath, sweepPartialFiles } from './partial-file.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'own-folder-'));
});
afterEach(() => rm(parent, { recursive: true }));

/** Simulates another process with this pid. */
const GONE: Owner = { ...ownOwner(), startTime: ownOwner().startTime + 1 };
const ELSEWHERE: Owner = { host: '000000', pid: 1, startTime: 1 };

async function leave(name: string, hoursAgo = 0): Promise<void> {
  const path = join(parent, name);
  await mkdir(path);
  await writeFile(join(path, 'file'), 'half made');
  const then = new Date(Date.now() - hoursAgo * 3_600_000);
  await utimes(path, then, then);
}

test('identifies an owner by pid and start time', () => {
  expect(ownerRuns(ownOwner())).toBe(true);
  expect(ownerRuns(GONE)).toBe(false);
  expect(ownerRuns(ELSEWHERE)).toBeUndefined();
});

test('removes what a killed process left, and nothing else', async () => {
  const own = await makeOwnFolder(parent, 'micro-linux-', run);
  await leave(`micro-linux-${ownerName(GONE)}-aB3dEf`);
  await leave(`micro-linux-vm-${ownerName(GONE)}-aB3dEf`);
  await leave(`.new-${ownerName(GONE)}-aB3dEf`);
  await leave(`micro-linux-${ownerName(ELSEWHERE)}-older1`, 25);
  const kept = [
    `micro-linux-${ownerName(ELSEWHERE)}-younge`,
    'micro-linux-backup',
    'micro-linux-aB3dEf',
    `other-${ownerName(GONE)}-aB3dEf`,
    `micro-linux-${ownerName(GONE)}-notes.txt`,
  ];
  for (const name of kept) {
    await leave(name);
  }
  await symlink('/', join(parent, `micro-linux-${ownerName(GONE)}-aLink1`));
  await sweepFolders(parent, run);
  expect((await readdir(parent)).sort()).toEqual(
    [...kept, `micro-linux-${ownerName(GONE)}-aLink1`, own.slice(parent.length + 1)].sort(),
  );
});

test('first kills programs that a killed process left running', async () => {
  const env = { ...process.env, [OWNER_VARIABLE]: ownerName(GONE) };
  const child = spawn('sleep', ['600'], { env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  // Its environment is readable once it runs.
  await expect.poll(() => readProcess(child.pid ?? 0)?.ended).toBe(false);
  await leave(`micro-linux-${ownerName(GONE)}-aB3dEf`);
  await sweepFolders(parent, run);
  expect((await ended)[1]).toBe('SIGKILL');
  expect(await readdir(parent)).toEqual([]);
});

test('removes the partial file of a killed process, and keeps that of a running one', async () => {
  const own = partialPath(join(parent, 'disk.qcow2'));
  const gone = own.replace(ownerName(ownOwner()), ownerName(GONE));
  for (const path of [own, gone, join(parent, 'own.partial'), join(parent, 'disk.qcow2')]) {
    await writeFile(path, '');
  }
  await sweepPartialFiles(parent);
  expect((await readdir(parent)).sort()).toEqual(
    [own.slice(parent.length + 1), 'disk.qcow2', 'own.partial'].sort(),
  );
});

test('does not fail for a folder that is missing or not ours', async () => {
  await sweepFolders(join(parent, 'none'), run);
  await sweepPartialFiles('/root/none');
});
