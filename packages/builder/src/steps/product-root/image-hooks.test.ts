import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { expect, onTestFinished, test } from 'vitest';
import type { StepContext } from '../../plan/step.ts';
import { profileOf } from '../../profiles/index.ts';
import type { Hook } from './hook-files.ts';
import { imageHooks } from './image-hooks.ts';

const profile = profileOf('bookworm');
const HOOK: Hook = {
  ...{ script: '/home/me/check.sh', name: 'check.sh', arguments: [], inputs: [], files: [] },
  ...{ network: false, timeoutSeconds: 60, digest: 'h1', where: 'hooks.image' },
};
const TARS = { rootfs: '/c/rootfs.tar', overlay: '/OUT/overlay.tar', output: '/OUT/image.tar' };

const action = (hooks: readonly Hook[] = [HOOK], version = '1.2.3') =>
  imageHooks({
    plan: { profile, mirror: undefined, keyring: profile.keyring },
    hooks,
    build: { profile: 'bookworm', version, compatible: 'gw', sourceDateEpoch: 0 },
    temporaryDirectory: '/t',
  });

test('without hooks nothing is done', () => {
  expect(action([])).toBeUndefined();
});

test('the key depends on the files and on what hooks see, not on folders of the host', () => {
  const key = JSON.stringify(action()?.inputs);
  expect(key).not.toContain('/OUT');
  expect(key).not.toContain('/home/me');
  expect(JSON.stringify(action([{ ...HOOK, digest: 'h2' }])?.inputs)).not.toBe(key);
  expect(JSON.stringify(action([HOOK], '2.0.0')?.inputs)).not.toBe(key);
});

test('the overlay is unpacked before the first hook runs', () => {
  const [command = ''] = action()?.describe(TARS) ?? [];
  const at = (text: string) => command.indexOf(text);
  expect(at('/OUT/overlay.tar')).toBeGreaterThan(at('/c/rootfs.tar'));
  expect(at('--keep-directory-symlink')).toBeLessThan(at('check.sh'));
});

test('a hook that changes accounts or the kernel is an error', async () => {
  const run: Runner = () =>
    Promise.reject(
      new MicroLinuxError({
        ...{ code: 'tool-failed', message: 'mmdebstrap ended with status 1' },
        cause: new Error('etc/passwd: FAILED\nboot/initrd.img: FAILED\n== changed by hooks\n'),
      }),
    );
  const folder = await mkdtemp(join(tmpdir(), 'image-hooks-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const context = { run, progress: () => {} } as unknown as StepContext;
  const tars = { ...TARS, output: join(folder, 'image.tar') };
  await expect(action()?.run(tars, context)).rejects.toMatchObject({
    code: 'hook-failed',
    message: 'hooks.image: a script changed /etc/passwd, /boot/initrd.img',
    hint: expect.stringContaining('hooks.rootfs'),
  });
});
