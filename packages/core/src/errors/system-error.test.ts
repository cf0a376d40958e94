import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toMicroLinuxError } from './render.ts';
import { explainSystemError, limitHint } from './system-error.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'system-error-'));
  writeFileSync(join(directory, 'file'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

const thrown = (work: Promise<unknown>) => work.then(() => undefined, toMicroLinuxError);

test('a kernel error about a path is reported in words', async () => {
  const path = join(directory, 'file/below');
  expect(await thrown(mkdir(path))).toMatchObject({
    code: 'path-unusable',
    message: `${path} has a file where a folder should be`,
    details: { errno: 'ENOTDIR', path },
  });
  expect(await thrown(readFile(join(directory, 'none')))).toMatchObject({
    message: `${directory}/none does not exist`,
    hint: expect.stringMatching(/./),
  });
  expect(await thrown(readFile(directory))).toMatchObject({ code: 'path-unusable' });
});

test('a full disk has its own code', async () => {
  const full = await open('/dev/full', 'w');
  expect(await thrown(full.writeFile('x'))).toMatchObject({ code: 'disk-full' });
  await full.close();
});

test('an aborted wait is not a bug', async () => {
  const reading = readFile(join(directory, 'file'), { signal: AbortSignal.abort() });
  expect(await thrown(reading)).toMatchObject({ code: 'cancelled', exitCode: 130 });
});

test('errors without a path are unchanged: sockets, programs, our own bugs', async () => {
  const refused = await new Promise((resolve) => {
    connect(join(directory, 'no.sock')).once('error', resolve);
  });
  expect(explainSystemError(refused)).toBeUndefined();
  expect(explainSystemError(new TypeError('x is not a function'))).toBeUndefined();
});

/** An error as Node creates it; failing disks and quotas are not available on a test machine. */
const failure = (errno: string, path?: string) =>
  Object.assign(new Error(`${errno}: said by the kernel`), {
    code: errno,
    syscall: 'write',
    ...(path === undefined ? {} : { path }),
  });

test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'EFBIG'])(
  '%s is not a bug of ours, and the error says what helps, with a path and without one',
  (errno) => {
    for (const path of ['/data/file', undefined]) {
      const error = toMicroLinuxError(failure(errno, path));
      expect(error.code).toMatch(/^(?:disk-full|path-unusable)$/);
      expect(error.why).toContain(errno);
      expect(error.hint).toMatch(/./);
      expect(error.message).toContain(path ?? '');
    }
  },
);

test.each(['EACCES', 'EPERM', 'ESTALE', 'ENOTCONN'])(
  '%s of a path is not a bug either',
  (errno) => {
    expect(toMicroLinuxError(failure(errno, '/data/file'))).toMatchObject({
      code: 'path-unusable',
    });
  },
);

test('a limit has a hint of its own, and nothing else does', () => {
  expect(limitHint(failure('EMFILE'))).toBe('ulimit -n 65536');
  expect(limitHint(failure('EIO'))).toBeUndefined();
  expect(limitHint(new Error('EMFILE'))).toBeUndefined();
});
