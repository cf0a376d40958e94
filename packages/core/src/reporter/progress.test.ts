import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createReporter } from './create-reporter.ts';

beforeEach(() => {
  vi.useFakeTimers();
  // The spinner itself checks whether lines may move.
  vi.stubEnv('CI', undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function reporter(isTTY: boolean, env: Record<string, string> = {}) {
  const stdout = new PassThrough();
  const noMove = () => true;
  const terminal = { isTTY, cursorTo: noMove, clearLine: noMove, moveCursor: noMove };
  const stderr = Object.assign(new PassThrough(), terminal) as unknown as NodeJS.WriteStream;
  const raw = () => String((stderr as unknown as PassThrough).read() ?? '');
  return {
    reporter: createReporter({ json: false, streams: { stdout, stderr }, env }),
    raw,
    lines: () => stripVTControlCharacters(raw()).split('\n').filter(Boolean),
  };
}

describe('without cursor control', () => {
  test('a long step reports its start, its progress and its end', () => {
    const { reporter: told, lines } = reporter(false);
    const step = told.step('root file system');
    expect(lines()).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(lines()).toEqual(['start  root file system']);
    step.progress({ message: 'installing packages', fraction: 0.4 });
    vi.advanceTimersByTime(41_000);
    expect(lines()).toEqual([
      'still  root file system 40 % installing packages 21 s',
      'still  root file system 40 % installing packages 41 s',
    ]);
    step.done('120 MiB');
    vi.advanceTimersByTime(100_000);
    expect(lines()).toEqual(['done   root file system 120 MiB 42.0 s']);
  });

  test('a short step has one line', () => {
    const { reporter: told, lines } = reporter(false);
    told.step('node').cached();
    told.step('slot').failed();
    vi.advanceTimersByTime(100_000);
    expect(lines()).toEqual(['cached node 0.0 s', 'failed slot 0.0 s']);
  });

  test.each([
    ['a terminal without cursor control', { TERM: 'dumb' }],
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['CI', { CI: 'true' }],
    ['an empty CI', { CI: '' }],
  ])('%s gets plain lines', (_what, env) => {
    const { reporter: told, raw } = reporter(true, env);
    const step = told.step('slot');
    vi.advanceTimersByTime(900);
    expect(raw()).toBe('');
    step.done();
    expect(stripVTControlCharacters(raw())).toBe('done   slot 0.9 s\n');
  });
});

test('on a terminal, steps that run side by side share a line until each ends', () => {
  const { reporter: told, raw } = reporter(true, { TERM: 'xterm' });
  const one = told.step('ESP');
  const other = told.step('payload');
  other.progress({ fraction: 0.5 });
  vi.advanceTimersByTime(200);
  const shared = stripVTControlCharacters(raw());
  expect(shared).toMatch(/ESP.* \| payload 50 %/);
  one.done();
  vi.advanceTimersByTime(200);
  const rest = stripVTControlCharacters(raw());
  expect(rest).toMatch(/^.*done {3}ESP 0\.2 s$/m);
  expect(rest.slice(rest.lastIndexOf('ESP'))).toContain('payload 50 %');
  other.failed();
  expect(stripVTControlCharacters(raw())).toContain('failed payload');
});

test('on a terminal the reporter catches no signal', () => {
  const before = process.listenerCount('SIGINT');
  const { reporter: told } = reporter(true, { TERM: 'xterm' });
  const step = told.step('slot');
  expect(process.listenerCount('SIGINT')).toBe(before);
  step.done();
});
