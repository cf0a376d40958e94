import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { HYPERVISORS } from './boot-drivers.testdata.ts';
import { earlyOverlay } from './slot-overlay.ts';

const ROOT = resolve(import.meta.dirname, '../../../../..');

/** The modules that our initramfs-tools hook adds, without those added by others. */
async function askedFor(): Promise<readonly string[]> {
  const early = await earlyOverlay(ROOT);
  const hook = early.find(({ path }) => path === '/usr/share/initramfs-tools/hooks/micro-linux');
  if (hook?.kind !== 'file') {
    throw new Error('the hook is not in the early overlay');
  }
  const text =
    typeof hook.content === 'string' ? hook.content : await readFile(hook.content.from, 'utf8');
  return [...text.replace(/\\\n/g, ' ').matchAll(/^manual_add_modules (.*)$/gm)].flatMap(
    ([, words]) => (words ?? '').split(/\s+/),
  );
}

it.each(HYPERVISORS)('the initrd has the drivers for the disks of $name', async ({ disk }) => {
  expect(await askedFor()).toEqual(expect.arrayContaining([...disk]));
});
