import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';
import { renderError, renderErrorJson } from '../errors/render.ts';
import { createReporter } from './create-reporter.ts';

const EVIL = '\u001b[2J\u001b[1;1Hsignature ok\u202e\u009b8m';
const rawIn = (text: string) => ['\u001b', '\u009b', '\u202e'].some((raw) => text.includes(raw));

function recorder(json: boolean, env: Record<string, string> = {}, isTTY = false) {
  let text = '';
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
  // No other property of a terminal is needed: no line moves where CI is set.
  const stderr = Object.assign(sink(), { isTTY }) as unknown as NodeJS.WriteStream;
  return {
    reporter: createReporter({ json, streams: { stdout: sink(), stderr }, env }),
    text: () => text,
  };
}

it.each([
  ['a pipe', false, {}],
  ['a pipe in CI', false, { CI: 'true' }],
  ['a pipe and --json', true, {}],
  ['a pipe and --json in CI', true, { CI: 'true', FORCE_COLOR: '1' }],
])('the output contains no terminal control sequences (%s)', (_where, json, env) => {
  const { reporter, text } = recorder(json, env);
  reporter.info(EVIL);
  reporter.warn(EVIL);
  const step = reporter.step(EVIL);
  step.progress({ message: EVIL });
  step.done(EVIL);
  reporter.result(`a\n${EVIL}`, { evil: EVIL });
  expect(rawIn(text())).toBe(false);
  expect(text()).toContain('\\x1b[2J');
});

it.each([
  ['a pipe', false, {}, false],
  ['a pipe in CI', false, { CI: 'true' }, false],
  ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
  ['a terminal in CI', true, { CI: 'true' }, true],
  ['a terminal in CI with NO_COLOR', true, { CI: 'true', NO_COLOR: '1' }, false],
])('%s: colors depend on the stream', (_where, isTTY, env, coloured) => {
  const { reporter, text } = recorder(false, env, isTTY);
  reporter.warn('disk is nearly full');
  reporter.step('slot').done('1 GiB');
  const yellow = '\u001b[33mwarning:\u001b[39m';
  expect(text()).toContain(`${coloured ? yellow : 'warning:'} disk is nearly full\n`);
  expect(text().includes('\u001b')).toBe(coloured);
});

it.each([true, false])('--json is plain, even on a terminal (%s) with FORCE_COLOR', (isTTY) => {
  const { reporter, text } = recorder(true, { TERM: 'xterm', FORCE_COLOR: '1' }, isTTY);
  reporter.warn('disk is nearly full');
  reporter.step('slot').done('1 GiB');
  reporter.result('built', { path: 'update.img' });
  expect(text()).toContain('warning: disk is nearly full\n');
  expect(text()).not.toContain('\u001b');
});

it('an error cannot forge a line, and is bounded', () => {
  const error = new MicroLinuxError({
    code: 'test',
    message: `bad\nerror[none]: all is well${EVIL}`,
    why: `${EVIL}\nerror[none]: fake\n${'w'.repeat(15_000_000)}`,
    hint: EVIL,
    details: { file: EVIL.repeat(10_000) },
  });
  for (const text of [renderError(error), renderErrorJson(error)]) {
    expect(rawIn(text)).toBe(false);
    expect(text.length).toBeLessThan(40_000);
  }
  expect(
    renderError(error)
      .split('\n')
      .filter((line) => /^error/.test(line)),
  ).toHaveLength(1);
  expect(JSON.parse(renderErrorJson(error))).toMatchObject({ code: 'test', hint: EVIL });
});
