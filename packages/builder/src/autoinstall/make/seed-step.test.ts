import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { readInstallSeed } from '@micro-linux/provision';
import { HASHES } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { identityOf } from '../../config/identity/identity-of.ts';
import { testConfig } from '../../jobs/build/testing.ts';
import { makeAutoinstall } from './autoinstall.ts';
import { seedTexts } from './seed-files.ts';
import { seedStep } from './seed-step.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'seed-step-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function make(text: string) {
  const config = await testConfig(text);
  const identity = identityOf(config, HASHES[0]);
  const step = seedStep({
    config,
    identity: () => Promise.resolve(identity),
    instanceId: 'micro-linux-1',
  });
  await step.run({
    run,
    signal: new AbortController().signal,
    progress: () => {},
    logFile: join(directory, 'log'),
    outputDirectory: directory,
    workDirectory: directory,
  });
  return { identity, files: step.result(directory) };
}

it('makes a seed with the login of the build, readable by its owner only', async () => {
  const { identity, files } = await make('hostname: box');
  expect(readInstallSeed(await readFile(files.autoinstall, 'utf8'), 'seed').identity).toEqual(
    identity,
  );
  expect(await readFile(files.metaData, 'utf8')).toBe('instance-id: "micro-linux-1"\n');
  for (const file of Object.values(files)) {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
});

it('refuses a seed that would not install', async () => {
  const text = 'install: {lateCommands: ["echo ds=nocloud;s=/x/"]}';
  await expect(make(text)).rejects.toMatchObject({
    code: 'seed-refused',
    exitCode: 2,
    why: expect.stringContaining('late-commands[1]: has ds=nocloud; without quotes'),
  });
});

it('describes commands that make the same files, without the hash', async () => {
  const config = await testConfig(`user: {password: "${HASHES[1]}"}\nlocale: nb_NO.UTF-8`);
  const step = seedStep({
    config,
    identity: () => Promise.reject(new Error('a dry run makes no password')),
    instanceId: 'micro-linux-1',
  });
  const commands = step.describe(directory);
  expect(commands.at(-1)).toBe(`cloud-init schema --config-file ${directory}/user-data`);
  await run('sh', ['-euc', commands.slice(0, -1).join('\n')]);
  const files = step.result(directory);
  const texts = seedTexts(makeAutoinstall(config, '(hash)'), 'micro-linux-1');
  expect(await readFile(files.userData, 'utf8')).toBe(texts['user-data']);
  expect(await readFile(files.metaData, 'utf8')).toBe(texts['meta-data']);
  expect(await readFile(files.autoinstall, 'utf8')).toBe(texts['autoinstall.yaml']);
  expect((await stat(files.userData)).mode & 0o777).toBe(0o600);
});
