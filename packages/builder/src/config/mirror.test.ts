import { Problem } from '@micro-linux/provision';
import { expect, test } from 'vitest';
import { parseMirrorUrl, resolveMirror } from './mirror.ts';

test.each([
  ['https://mirror.example/ubuntu', 'https://mirror.example/ubuntu'],
  ['http://mirror.example:3142/debian//', 'http://mirror.example:3142/debian'],
  ['http://mirror.example', 'http://mirror.example'],
  ['http://[2001:db8::1]/debian', 'http://[2001:db8::1]/debian'],
  ['file:///srv/mirror/', 'file:///srv/mirror'],
  ['copy:///srv/mirror', 'copy:///srv/mirror'],
])('%s is read as %s', (text, url) => {
  expect(parseMirrorUrl(text)).toBe(url);
});

test.each([
  '',
  'mirror.example',
  'ftp://mirror.example/debian',
  'http://',
  'http:///debian',
  'file://srv/mirror',
  'file:/srv/mirror',
  'http://mirror.example/a b',
  'http://mirror.example/?a',
  'http://mirror.example/#a',
  'http://mirror.example/[trusted=yes]',
  'https://mirror.example/ubuntu\ndeb x',
])('%j is refused', (text) => {
  expect(parseMirrorUrl(text)).toBeInstanceOf(Problem);
});

test.each([
  'http://me:hunter2@mirror.example/',
  'ftp://me:hunter2@mirror.example/',
  'copy://hunter2@x/y',
])('a password in an address is refused without quoting it: case %#', (text) => {
  const problem = parseMirrorUrl(text);
  expect(problem).toBeInstanceOf(Problem);
  expect(JSON.stringify(problem)).not.toContain('hunter2');
});

test("Ubuntu's security updates are in the archive", () => {
  const url = 'https://mirror.example/any';
  expect(resolveMirror('noble', url)).toEqual({ archive: url, security: url });
});

test.each(['bookworm', 'trixie'] as const)(
  "%s's security updates are beside /debian",
  (profile) => {
    expect(resolveMirror(profile, 'https://mirror.example/debian')).toEqual({
      archive: 'https://mirror.example/debian',
      security: 'https://mirror.example/debian-security',
    });
  },
);

test('a Debian mirror with another name must say where security updates are', () => {
  expect(resolveMirror('trixie', 'https://mirror.example/mydebian')).toMatchObject({
    fix: expect.stringContaining('security:'),
  });
});

test('a mirror with both addresses is used unchanged', () => {
  const mirror = { archive: 'https://mirror.example/a', security: 'https://mirror.example/b' };
  expect(resolveMirror('trixie', mirror)).toEqual(mirror);
});
