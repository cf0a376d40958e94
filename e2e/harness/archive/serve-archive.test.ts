import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ArchiveServer, serveArchive } from './serve-archive.ts';

const PACKAGES = 'Package: a\nVersion: 1\n';
const DEB = '0123456789';
let directory: string;
let server: ArchiveServer;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'serve-archive-'));
  await mkdir(join(directory, 'dists'));
  await writeFile(join(directory, 'dists', 'Packages'), PACKAGES);
  await writeFile(join(directory, 'a_1+2.deb'), DEB);
  server = await serveArchive(directory);
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers });

test('serves files and counts requests', async () => {
  expect(await (await get('/a_1%2b2.deb')).text()).toBe(DEB);
  expect((await get('/missing.deb')).status).toBe(404);
  expect(server.requests).toEqual(['/a_1%2b2.deb', '/missing.deb']);
  expect(server.count(/\.deb$/)).toBe(2);
});

test('serves a range, and rejects one outside the file', async () => {
  const part = await get('/a_1+2.deb', { range: 'bytes=4-6' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 4-6/10');
  expect(await part.text()).toBe('456');
  const none = await get('/a_1+2.deb', { range: 'bytes=10-' });
  expect(none.status).toBe(416);
  expect(none.headers.get('content-range')).toBe('bytes */10');
});

test('sends the whole file when it changed since the first part of the range', async () => {
  const old = new Date(0).toUTCString();
  const whole = await get('/a_1+2.deb', { range: 'bytes=4-', 'if-range': old });
  expect(whole.status).toBe(200);
  expect(await whole.text()).toBe(DEB);
});

test('answers 304 when the file has not changed', async () => {
  const modified = (await get('/dists/Packages')).headers.get('last-modified') ?? '';
  expect((await get('/dists/Packages', { 'if-modified-since': modified })).status).toBe(304);
});

test('never leaves its directory', async () => {
  expect((await get('/..%2f..%2fetc/passwd')).status).toBe(404);
  expect((await get('/dists')).status).toBe(404);
});

test('refuses connections, and accepts them again on the same port', async () => {
  await server.setFault('refuse');
  await expect(get('/a_1+2.deb')).rejects.toThrow();
  await server.setFault('ok');
  expect((await get('/a_1+2.deb')).status).toBe(200);
});

test('simulates a mirror that lacks the suite', async () => {
  await server.setFault('not-found');
  expect((await get('/dists/Packages')).status).toBe(404);
});

test('simulates a captive portal', async () => {
  await server.setFault('html');
  const page = await get('/dists/Packages');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch('text/html');
});

test('drops the connection in the middle of packages, not of indexes', async () => {
  await server.setFault('truncate');
  const cut = await get('/a_1+2.deb');
  expect(cut.headers.get('content-length')).toBe('10');
  await expect(cut.text()).rejects.toThrow();
  expect(await (await get('/dists/Packages')).text()).toBe(PACKAGES);
});

test('serves indexes of the right size with the wrong content', async () => {
  await server.setFault('wrong-hash');
  const text = await (await get('/dists/Packages')).text();
  expect(text).toHaveLength(PACKAGES.length);
  expect(text).not.toBe(PACKAGES);
  expect(await (await get('/a_1+2.deb')).text()).toBe(DEB);
});
