import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { HASHES } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PasswordConfig } from '../../config/config.ts';
import { writeCredentials } from '../../output/credentials.ts';
import { seedPassword } from './seed-password.ts';

let artifacts: string;
beforeEach(async () => {
  artifacts = await mkdtemp(join(tmpdir(), 'seed-password-'));
});
afterEach(() => rm(artifacts, { recursive: true }));

const decide = (password: PasswordConfig, name = 'ada') =>
  seedPassword({ name, sshKeys: [], password }, artifacts, run, new AbortController().signal);

/** The hash of a password with the salt of another hash. */
async function hashLike(password: string, hash: string) {
  const args = ['passwd', '-6', '-salt', hash.split('$')[2] ?? '', '-stdin'];
  return (await run('openssl', args, { input: password })).stdout.trim();
}

test('generates a password if there is none, and a hash that matches it', async () => {
  const { source, hash, plain } = await decide({ kind: 'generate' });
  expect(source).toBe('generated');
  expect(hash).toMatch(/^\$6\$/);
  expect(await hashLike(plain ?? '', hash ?? '')).toBe(hash);
});

test('uses the password of the build in the artifacts', async () => {
  await writeCredentials(artifacts, { user: 'ada', password: 'the-old-one', build: 'b1' });
  const { source, hash, plain } = await decide({ kind: 'generate' });
  expect({ source, plain }).toEqual({ source: 'kept', plain: undefined });
  expect(await hashLike('the-old-one', hash ?? '')).toBe(hash);
});

test('ignores the password of another user', async () => {
  await writeCredentials(artifacts, { user: 'ada', password: 'the-old-one', build: 'b1' });
  expect((await decide({ kind: 'generate' }, 'bob')).source).toBe('generated');
});

test('uses a hash unchanged, and none if passwords are disabled', async () => {
  expect(await decide({ kind: 'hash', hash: HASHES[0] })).toEqual({
    source: 'configured',
    hash: HASHES[0],
    plain: undefined,
  });
  expect(await decide({ kind: 'disabled' })).toEqual({
    source: 'disabled',
    hash: undefined,
    plain: undefined,
  });
});
