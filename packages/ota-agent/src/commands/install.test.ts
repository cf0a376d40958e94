import { createReporter } from '@micro-linux/core';
import { fileSource, readHead } from '@micro-linux/update-image';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstallPlan } from '../install/install.ts';
import { InstallLog } from '../install/install-log.ts';
import { BLANK, MANIFEST } from '../install/plan/plan.testdata.ts';
import { checkAgentOutput } from '../json/outputs.ts';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { testDevice } from '../testing.ts';
import { textSink } from '../text-sink.testdata.ts';
import type { CommandContext } from './context.ts';
import { reportDone, reportPlan } from './install.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

/** The `--json` output for a plan with one step. */
async function printed(
  report: (plan: InstallPlan, context: CommandContext) => Promise<void>,
): Promise<string> {
  const { system } = testDevice();
  const source = await fileSource(update.path);
  const medium = { directory: '/nowhere', manifest: MANIFEST, head: await readHead(source) };
  let text = '';
  const stdout = textSink((more) => {
    text += more;
  });
  const stderr = textSink(() => undefined);
  await report(
    {
      ...{ checked: { medium, source }, disk: BLANK, seed: undefined },
      steps: [{ kind: 'blank-slot', path: '/dev/vda3' }],
      log: new InstallLog(() => system.now()),
    },
    {
      ...{ system, stderr, version: '1.2.3', stdin: process.stdin },
      reporter: createReporter({ json: true, streams: { stdout, stderr } }),
      signal: new AbortController().signal,
    },
  );
  await source.close();
  return text;
}

test.each([
  ['install', '--check'],
  ['install', '--dry-run'],
  ['rescue', '--dry-run'],
])('%s %s --json prints the documented fields', async (...argv) => {
  const text = await printed((plan, context) => reportPlan(plan, true, context));
  checkAgentOutput(argv, text);
  expect(JSON.parse(text)).toMatchObject({ result: 'planned', disk: BLANK.path });
  expect(JSON.parse(text).steps).toHaveLength(1);
});

test.each(['install', 'rescue'])('%s --json prints the documented fields', async (verb) => {
  const text = await printed((plan, context) => reportDone(plan, 'none', context));
  checkAgentOutput([verb], text);
  expect(JSON.parse(text)).toMatchObject({ result: 'installed', shutdown: 'none' });
});

test('a command with undocumented output fails', () => {
  expect(() => checkAgentOutput(['new-verb'], '{"schema":1,"ok":true}')).toThrow('new-verb');
  const unknown = '{"schema":1,"ok":true,"entries":[],"intact":true,"more":1}';
  expect(() => checkAgentOutput(['history'], unknown)).toThrow('more');
});
