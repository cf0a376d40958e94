import { openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errnoOf } from './errno-of.ts';
import { MicroLinuxError } from './micro-linux-error.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}

test('an error of the operating system has a name', () => {
  expect(errnoOf(thrownBy(() => openSync('/nonexistent', 'r')))).toBe('ENOENT');
  expect(errnoOf(thrownBy(() => openSync('/proc/self/mem/x', 'r')))).toBe('ENOTDIR');
});

test.each([
  ['an ordinary error', new Error('ENOENT')],
  ['an error of this project', new MicroLinuxError({ code: 'disk-full', message: 'full' })],
  ['a code that is a number', Object.assign(new Error('x'), { code: 2 })],
  ['what is not an error', { code: 'ENOENT' }],
  ['nothing', undefined],
])('%s has none', (_what, thrown) => {
  expect(errnoOf(thrown)).toBeUndefined();
});
