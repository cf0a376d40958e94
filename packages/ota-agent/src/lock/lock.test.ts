import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { withLock } from './lock.ts';

const take = <T>(directory: string, action: () => Promise<T>) =>
  withLock({ directory, purpose: 'apply', pid: process.pid }, action);

it('admits one process at a time; the error names the other one', async () => {
  const directory = join(temporaryDirectory(), 'run');
  const result = await take(directory, async () => {
    await expect(take(directory, async () => 1)).rejects.toMatchObject({
      code: 'busy',
      exitCode: 6,
      message: `another ota-agent is running: process ${process.pid}`,
      details: { pid: process.pid },
    });
    return 7;
  });
  expect(result).toBe(7);
  expect(await take(directory, async () => 8)).toBe(8);
});

it('waits when the other process ends in time', async () => {
  const directory = temporaryDirectory();
  const order: string[] = [];
  let waiting: Promise<unknown> = Promise.resolve();
  await take(directory, async () => {
    const lock = { directory, purpose: 'mark-boot', pid: process.pid, waitSeconds: 60 };
    waiting = withLock(lock, async () => order.push('second'));
    // Long enough for it to fail on the lock if it did not wait.
    await setTimeout(300);
    order.push('first');
  });
  await waiting;
  expect(order).toEqual(['first', 'second']);
});

it('does not wait longer than the limit', async () => {
  const directory = temporaryDirectory();
  await take(directory, async () => {
    const lock = { directory, purpose: 'mark-boot', pid: process.pid, waitSeconds: 1 };
    await expect(withLock(lock, async () => 1)).rejects.toMatchObject({ code: 'busy' });
  });
});

it('is released after a failure', async () => {
  const directory = temporaryDirectory();
  const failing = take(directory, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await take(directory, async () => 8)).toBe(8);
});

it('is released when its process is killed', async () => {
  const directory = temporaryDirectory();
  const script = `
    import { withLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    const [directory] = process.argv.slice(1);
    await withLock({ directory, purpose: 'apply', pid: process.pid }, async () => {
      process.stdout.write('held');
      await new Promise(() => setInterval(() => undefined, 1000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(take(directory, async () => 1)).rejects.toMatchObject({ code: 'busy' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  // The kernel closes the pipe at once; the cat behind it needs a moment to be scheduled.
  await expect.poll(() => take(directory, async () => 8).catch(() => 0)).toBe(8);
});

it('reports what is wrong with the directory', async () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  await expect(take(file, async () => 1)).rejects.toMatchObject({ code: 'lock-failed' });
});

it('is a file that nobody else can open, whatever the umask and the previous file', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'lock');
  const modeOf = () => lstatSync(path).mode & 0o777;
  const before = process.umask(0);
  try {
    await take(directory, async () => expect(modeOf()).toBe(0o600));
  } finally {
    process.umask(before);
  }

  // An earlier agent, or an administrator, left it open to all, and another user has locked it.
  chmodSync(path, 0o644);
  const holder = spawn('/usr/bin/flock', [path, 'sh', '-c', 'echo held; exec cat']);
  onTestFinished(() => void holder.stdin.end());
  await once(holder.stdout, 'data');
  expect(await take(directory, async () => modeOf())).toBe(0o600);
});

it('does not follow a link in place of its file', async () => {
  const directory = temporaryDirectory();
  const target = join(temporaryDirectory(), 'target');
  symlinkSync(target, join(directory, 'lock'));
  expect(await take(directory, async () => 8)).toBe(8);
  expect(existsSync(target)).toBe(false);
});

it('refuses a directory in which others can create files', async () => {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o777);
  await expect(take(directory, async () => 1)).rejects.toMatchObject({
    code: 'lock-failed',
    why: expect.stringContaining('only its owner'),
  });
});
