import { join } from 'node:path';
import { type Runner, run } from '@micro-linux/core';
import { makeAutoinstall } from 'micro-linux/autoinstall/make/autoinstall';
import { seedTexts } from 'micro-linux/autoinstall/make/seed-files';
import { loadConfig } from 'micro-linux/config/load';
import {
  judgeSource,
  type RemasterPlan,
  readSource,
  remaster,
} from 'micro-linux/jobs/remaster/index';
import { standInPayload } from './payload.ts';

/** Remasters an ISO with the seed of the default config and files that stand for a build's. */
export async function remasterOf(
  source: string,
  options: {
    readonly scratch: string;
    readonly output: string;
    readonly slim?: boolean;
    readonly sha256?: string;
    readonly signal?: AbortSignal;
    readonly run?: Runner;
  },
): Promise<RemasterPlan> {
  const { scratch, output, slim = false, signal = new AbortController().signal } = options;
  const tools = { run: options.run ?? run, signal, temporary: scratch, progress: () => {} };
  const facts = await readSource(source, options.sha256, tools);
  judgeSource(facts);
  const config = await loadConfig({ text: '', env: {}, flags: [] });
  const payload = await standInPayload(join(scratch, 'payload'));
  const [first] = payload;
  if (!first) {
    throw new Error('there is a payload');
  }
  return await remaster(
    {
      source: facts,
      payload,
      node: first.file,
      agent: first.file,
      seed: seedTexts(makeAutoinstall(config, undefined), 'micro-linux-test'),
      title: 'micro-linux noble 0.1.0',
      consoles: config.console,
      countdownSeconds: 1,
      slim,
      output,
      sourceDateEpoch: 1_767_225_600,
    },
    tools,
  );
}
