import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { MicroLinuxError } from '../errors/micro-linux-error.ts';
import { renderError, renderErrorJson } from '../errors/render.ts';
import { createReporter } from './create-reporter.ts';

const EVIL = '\u001b[2J\u001b[1;1Hsignature ok\u202e\u009b8m';
const rawIn = (text: string) => ['\u001b', '\u009b', '\u202e'].some((raw) => text.includes(raw));

function recorder(json: boolean) {
  let text = '';
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
  // A pipe: what only a terminal has is not asked for.
  const streams = { stdout: sink(), stderr: sink() as unknown as NodeJS.WriteStream };
  return { reporter: createReporter({ json, streams }), text: () => text };
}

it.each([false, true])('nothing that is shown acts on a terminal (json %s)', (json) => {
  const { reporter, text } = recorder(json);
  reporter.info(EVIL);
  reporter.warn(EVIL);
  const step = reporter.step(EVIL);
  step.progress({ message: EVIL });
  step.done(EVIL);
  reporter.result(`a\n${EVIL}`, { evil: EVIL });
  expect(rawIn(text())).toBe(false);
  expect(text()).toContain('\\x1b[2J');
});

it('an error cannot forge a line of its own, and is bounded', () => {
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
