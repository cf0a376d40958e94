import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { expect, test } from 'vitest';
import { loginFor, parseAptLogins, readAptLogins, renderAptLogins } from './apt-auth.ts';

const found = (machine: string, url: string) =>
  loginFor(new URL(url), parseAptLogins(`machine ${machine} login me password x`)) !== undefined;

// From apt_auth.conf(5).
test.each([
  ['example.org', 'https://example.org/debian/', true],
  ['example.org', 'http://example.org/debian/', false],
  ['http://example.org', 'http://example.org/debian/', true],
  ['https://example.org', 'https://EXAMPLE.org/debian/', true],
  ['example.org/deb', 'https://example.org/debian/', true],
  ['example.org/debian/', 'https://example.org/debian/', true],
  ['example.org/ubuntu', 'https://example.org/debian/', false],
  ['example.org:443', 'https://example.org/debian/', true],
  ['example.org:8443', 'https://example.org/debian/', false],
  ['example.org', 'https://example.org:8443/debian/', true],
  ['example.org', 'https://www.example.org/debian/', false],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/', true],
  ['http://[::1]:8080', 'http://[::1]:8080/', true],
])('a login of %s for %s: %j', (machine, url, expected) => {
  expect(found(machine, url)).toBe(expected);
});

test('words may be on their own lines; comments and incomplete entries are ignored', () => {
  const text = [
    '# machine commented.example login a password b',
    'machine half.example login only',
    'machine https://one.example',
    '  login one',
    '\tpassword machine',
    'machine two.example login two password 2#2 nonsense',
  ].join('\n');
  expect(parseAptLogins(text)).toEqual([
    { scheme: 'https', host: 'one.example', path: '', login: 'one', password: 'machine' },
    { host: 'two.example', path: '', login: 'two', password: '2#2' },
  ]);
  expect(parseAptLogins(renderAptLogins(parseAptLogins(text)))).toEqual(parseAptLogins(text));
});

test('a file without a login, a missing one, and a world-readable one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apt-auth-'));
  const file = join(folder, 'auth');
  await expect(readAptLogins(file)).rejects.toMatchObject({ code: 'mirror-auth-unreadable' });
  await expect(readAptLogins(folder)).rejects.toMatchObject({ code: 'mirror-auth-unreadable' });
  await writeFile(file, 'login me password very-secret\n');
  const error: unknown = await readAptLogins(file).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'mirror-auth-invalid', exitCode: 2 });
  expect(`${error}${JSON.stringify(error)}`).not.toContain('very-secret');
  await writeFile(file, 'machine m.example login me password s\n', { mode: 0o644 });
  expect(await readAptLogins(file)).toMatchObject({ exposed: true });
  await rm(folder, { recursive: true });
});

test('logins come from a variable, which programs do not see from then on', async () => {
  process.env['ARCHIVE_LOGINS'] = 'machine archive.example login me password hunter2';
  const { logins } = await readAptLogins('env:ARCHIVE_LOGINS');
  expect(logins).toMatchObject([{ host: 'archive.example', password: 'hunter2' }]);
  expect(process.env['ARCHIVE_LOGINS']).toBeUndefined();
  const { stdout } = await run('env', []);
  expect(stdout).not.toContain('hunter2');
  expect(await readAptLogins('env:ARCHIVE_LOGINS')).toMatchObject({ logins: [{ login: 'me' }] });
});

test('a variable that is not set, or has no login, is an error without its value', async () => {
  await expect(readAptLogins('env:NO_SUCH_VARIABLE')).rejects.toMatchObject({
    ...{ code: 'mirror-auth-unreadable', exitCode: 2 },
    message: expect.stringContaining('NO_SUCH_VARIABLE'),
  });
  process.env['BAD_LOGINS'] = 'me:hunter2';
  const error = await readAptLogins('env:BAD_LOGINS').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'mirror-auth-invalid' });
  expect(JSON.stringify(error)).not.toContain('hunter2');
});
