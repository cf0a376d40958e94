import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { nowhere } from '../../config/where-is.ts';
import type { StepContext } from '../../plan/step.ts';
import { modulesAction } from './modules-action.ts';

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'modules-'));
  onTestFinished(() => rm(tree, { recursive: true }));
  const folder = join(tree, 'usr/lib/modules/6.1.0-1-amd64');
  await mkdir(folder, { recursive: true });
  await mkdir(join(tree, 'boot'));
  await symlink('vmlinuz-6.1.0-1-amd64', join(tree, 'boot/vmlinuz'));
  await writeFile(
    join(folder, 'modules.dep'),
    'kernel/net/bridge/br_netfilter.ko: kernel/net/bridge/bridge.ko\nkernel/drivers/block/zram/zram.ko.zst:\n',
  );
  await writeFile(join(folder, 'modules.builtin'), 'kernel/fs/fuse/fuse.ko\n');
  await writeFile(
    join(folder, 'modules.alias'),
    'alias net-pf-7 bridge\nalias pci:v00008086d*sv* e1000\n',
  );
});

const check = (...modules: readonly string[]) =>
  modulesAction(
    modules.map((module) => ({ module, key: ['modules', 'load'] })),
    nowhere,
  ).run(tree, {} as StepContext);

test('finds modules by name, compressed, built in, and by alias', async () => {
  await expect(check('br_netfilter', 'zram', 'fuse', 'net_pf_7')).resolves.toBeUndefined();
});

test('names the nearest modules, and the kernels that have more', async () => {
  await expect(check('br_netfilte')).rejects.toMatchObject({
    code: 'module-unknown',
    exitCode: 2,
    message: 'modules.load: the kernel 6.1.0-1-amd64 of the image has no module br_netfilte',
    hint: expect.stringContaining('did you mean br_netfilter?'),
  });
});
