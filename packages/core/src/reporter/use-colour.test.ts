import { expect, it } from 'vitest';
import { useColour } from './use-colour.ts';

it.each([
  [true, {}, true],
  [true, { TERM: 'xterm' }, true],
  [true, { CI: 'true' }, true],
  [true, { NO_COLOR: '' }, true],
  [true, { FORCE_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  [true, { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  [false, {}, false],
  [false, { TERM: 'xterm' }, false],
  [false, { CI: 'true' }, false],
  [false, { CI: 'true', FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('terminal %s with %j: %s', (isTTY, env, expected) => {
  expect(useColour({ isTTY }, env)).toBe(expected);
});

it('a stream of unknown kind gets no colors', () => {
  expect(useColour({}, { TERM: 'xterm' })).toBe(false);
});
