import { describe, expect, it } from 'vitest';
import { textSink } from '../text-sink.testdata.ts';
import { createProgress } from './create-progress.ts';
import { type ProgressMode, resolveMode } from './progress.ts';
import { withStallGuard } from './stall-guard.ts';

async function printed(mode: Exclude<ProgressMode, 'auto'>): Promise<string> {
  let text = '';
  let now = 0;
  const stream = textSink((more) => {
    text += more;
  });
  const progress = await createProgress(mode, { stream, now: () => now });
  const step = progress.step('write', 'write the slot');
  for (const done of [1, 50, 50, 99, 100]) {
    step.advance(done, 100);
  }
  now = 1500;
  step.done('3 chunks');
  progress.step('arm', 'arm it').failed();
  return text;
}

describe('progress', () => {
  it('is one JSON object per line', async () => {
    expect(
      (await printed('json'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { schema: 1, event: 'started', step: 'write', title: 'write the slot' },
      ...[1, 50, 99, 100].map((percent) => ({
        schema: 1,
        event: 'progress',
        step: 'write',
        percent,
        doneBytes: percent,
        totalBytes: 100,
      })),
      { schema: 1, event: 'done', step: 'write', seconds: 1.5, note: '3 chunks' },
      { schema: 1, event: 'started', step: 'arm', title: 'arm it' },
      { schema: 1, event: 'failed', step: 'arm', seconds: 0 },
    ]);
  });

  it('is a few plain lines for a log', async () => {
    expect(await printed('plain')).toBe(
      '       write the slot: 40 %\n       write the slot: 80 %\ndone   write the slot: 3 chunks (1.5 s)\nfailed arm it (0.0 s)\n',
    );
  });

  it('is a bar that is replaced by a line', async () => {
    const text = await printed('bar');
    expect(text).toContain('done   write the slot: 3 chunks (1.5 s)\n');
  });

  it('can be off', async () => {
    expect(await printed('none')).toBe('');
  });

  it.each([
    ['auto', true, false, 'bar'],
    ['auto', false, false, 'plain'],
    ['auto', true, true, 'none'],
    ['json', false, true, 'json'],
    ['plain', true, false, 'plain'],
  ] as const)('%s, on a terminal: %s, with --json: %s, is %s', (mode, terminal, json, wanted) => {
    expect(resolveMode(mode, { terminal, json })).toBe(wanted);
  });
});

describe('a guarded stage', () => {
  const options = { stage: 'testing', stallMs: 60_000, signal: new AbortController().signal };

  it('returns the result, and rethrows its failure', async () => {
    expect(await withStallGuard(options, async () => 7)).toBe(7);
    const failing = withStallGuard(options, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
  });

  it('without progress is aborted, and its signal keeps it from starting new work', async () => {
    let signal: AbortSignal | undefined;
    const hanging = withStallGuard({ ...options, stallMs: 20 }, (guard) => {
      signal = guard.signal;
      return new Promise(() => undefined);
    });
    await expect(hanging).rejects.toMatchObject({ code: 'stage-timeout', exitCode: 1 });
    expect(signal?.aborted).toBe(true);
  });

  it('that hangs is abandoned after a cancellation', async () => {
    const controller = new AbortController();
    const hanging = withStallGuard({ ...options, signal: controller.signal }, () => {
      controller.abort();
      return new Promise(() => undefined);
    });
    await expect(hanging).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
  });

  it('does not begin after a cancellation', async () => {
    const signal = AbortSignal.abort();
    const begun = withStallGuard({ ...options, signal }, async () => expect.fail());
    await expect(begun).rejects.toMatchObject({ code: 'cancelled' });
  });
});
