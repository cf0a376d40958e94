import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { expect, it, onTestFinished } from 'vitest';

const SCRIPT = join(
  import.meta.dirname,
  '../../../rootfs-overlay/usr/share/initramfs-tools/scripts/local-bottom/micro-linux',
);

/** The lines of the script that read the deadline and pass it on; the rest needs a machine. */
async function deadlineLines(): Promise<string> {
  const lines = /^deadline=[\s\S]*?^backstop .*$/m.exec(await readFile(SCRIPT, 'utf8'))?.[0];
  return `set -u\nbackstop() { echo "$1"; }\n${lines}`;
}

it.each([
  ['300\n', '390'],
  ['30', '120'],
  [undefined, '390'],
  ['', '390'],
  ['0', '390'],
  ['08', '390'],
  ['-1', '390'],
  ['99999999', '390'],
  ['1 2', '390'],
  ['$(reboot)', '390'],
])('a trial deadline of %j gives the backstop %s s', async (content, seconds) => {
  const rootmnt = await mkdtemp(join(tmpdir(), 'backstop-'));
  onTestFinished(() => rm(rootmnt, { recursive: true }));
  const file = join(rootmnt, 'data/var/lib/ota-agent/trial-deadline');
  await mkdir(dirname(file), { recursive: true });
  if (content !== undefined) {
    await writeFile(file, content);
  }
  const { stdout } = await run('sh', ['-c', await deadlineLines()], { env: { rootmnt } });
  expect(stdout.trim()).toBe(seconds);
});
