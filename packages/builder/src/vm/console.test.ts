import { MicroLinuxError } from '@micro-linux/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Console } from './console.ts';

/** Milliseconds; everything here is faster. */
const soon = { timeoutMs: 600_000 };

function said(...chunks: string[]): Console {
  const console = new Console('/logs/console.log');
  say(console, ...chunks);
  return console;
}

function say(console: Console, ...chunks: string[]): void {
  for (const chunk of chunks) {
    console.push(Buffer.from(chunk));
  }
}

test('a wait resolves when the text comes in pieces', async () => {
  const console = said('micro login');
  const wait = console.waitFor(/^(\S+) login:/, soon);
  say(console, ':', ' ');
  await expect(wait).resolves.toMatchObject({ index: 0, match: ['micro login:', 'micro'] });
});

test('a wait does not see again what an earlier wait matched', async () => {
  const console = said('micro login: ');
  await console.waitFor('login:', soon);
  await expect(console.waitFor('login:', { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'console-timeout',
  });
  const second = console.waitFor('login:', soon);
  say(console, '\r\nrebooting\r\nmicro login: ');
  await second;
});

test('matches the first printed one of several patterns', async () => {
  const console = said('one two\nthree\n');
  await expect(console.waitFor([/three/, 'two'], soon)).resolves.toMatchObject({
    index: 1,
    line: 'one two',
  });
  await expect(console.waitFor(['two', /three/], soon)).resolves.toMatchObject({ index: 1 });
});

test('matches the leftmost of several patterns in one line', async () => {
  const console = said('error, then panic\n');
  await expect(console.waitFor([/panic/, /error/], soon)).resolves.toMatchObject({ index: 1 });
});

test('concurrent waits each get what they look for', async () => {
  const console = said();
  const waits = [console.waitFor('b', soon), console.waitFor('a', soon)];
  say(console, 'a\n', 'b\n');
  await Promise.all(waits);
});

test('patterns match text without colors, titles and carriage returns', async () => {
  const console = said(
    '\u001b[0;32m  OK  \u001b[0m] Rea',
    'ched \u001b]0;root@',
    'x\u0007target\r\n',
  );
  await console.waitFor(/OK {2}\] Reached target$/, soon);
});

test("a kernel panic ends the wait with the console's last lines", async () => {
  const console = said('loading\r\n');
  const wait = console.waitFor('login:', soon);
  say(console, '[    1.2] Kernel panic - not syncing: VFS: Unable to mount root\r\n');
  const error = await wait.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MicroLinuxError);
  expect(error).toMatchObject({
    code: 'boot-failed',
    message: expect.stringContaining('had a kernel panic'),
    why: expect.stringMatching(/loading\n.*Kernel panic[\s\S]*\/logs\/console\.log/),
  });
});

test.each([
  'You are in emergency mode. After logging in, type',
  'grub rescue> ',
  'grub> ',
  '(initramfs) ',
  '\u001b[2J\u001b[1;1HBdsDxe: No bootable option or device was found.',
])('%j is a boot that failed', async (line) => {
  await expect(said('x\r\n', line).waitFor('login:', soon)).rejects.toMatchObject({
    code: 'boot-failed',
  });
});

test('a story that expects a panic can wait for it', async () => {
  const console = said('Kernel panic - not syncing: on purpose\nRebooting in 5 seconds..\n');
  await console.waitFor('Rebooting', { ...soon, failures: [] });
});

test('waits for a console that keeps printing, not for a silent one', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const console = said('loading\n');
  const wait = console.waitFor('login:', { timeoutMs: 10_000, silentMs: 1_000 });
  const ended = expect(wait).rejects.toMatchObject({
    code: 'console-silent',
    why: expect.stringContaining('loading'),
  });
  const settled = vi.fn();
  wait.then(settled, settled);
  for (let tenth = 0; tenth < 50; tenth += 9) {
    await vi.advanceTimersByTimeAsync(900);
    // Terminal control sequences alone count as output.
    say(console, '\u001b[0m');
  }
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  await ended;
});

test('a machine that exits ends all current and later waits', async () => {
  const console = said('last words\n');
  const wait = console.waitFor('login:', soon);
  console.close(new MicroLinuxError({ code: 'machine-ended', message: 'off' }));
  await expect(wait).rejects.toMatchObject({ code: 'machine-ended' });
  await expect(console.waitFor('more', soon)).rejects.toMatchObject({ code: 'machine-ended' });
  await console.waitFor('last words', soon);
});

test('aborting the signal ends a wait', async () => {
  const controller = new AbortController();
  const wait = said().waitFor('login:', { ...soon, signal: controller.signal });
  controller.abort();
  await expect(wait).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
});

test('a character split between reads arrives whole', async () => {
  const console = new Console();
  const bytes = Buffer.from('Größe\n');
  console.push(bytes.subarray(0, 3));
  console.push(bytes.subarray(3));
  await console.waitFor('Größe', soon);
});
