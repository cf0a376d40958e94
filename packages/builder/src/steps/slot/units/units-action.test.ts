import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MicroLinuxError, type Runner, run } from '@micro-linux/core';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { nowhere } from '../../../config/where-is.ts';
import type { StepContext } from '../../../plan/step.ts';
import type { UnitWish } from '../../../product/contribution.ts';
import { unitsAction } from './units-action.ts';

const SYSTEMCTL = '/usr/bin/systemctl';

/** The host's systemctl stands in for the image's: the tree of this test has no programs. */
const insideOf: (tree: string) => Runner = (tree) => (file, args, options) => {
  const at = args.indexOf('systemctl');
  return at < 0
    ? run(file, args, options)
    : run(SYSTEMCTL, [`--root=${tree}`, ...args.slice(at + 1)], options);
};

let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'units-'));
  onTestFinished(() => rm(tree, { recursive: true }));
  const units = {
    'graphical.target': '[Unit]\nRequires=multi-user.target\n',
    'multi-user.target': '[Unit]\nDescription=all\n',
    'web.service': '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    'worker@.service': '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    'old.service': '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    'noisy.timer': '[Timer]\nOnBootSec=1\n',
  };
  const folder = join(tree, 'usr/lib/systemd/system');
  await mkdir(folder, { recursive: true });
  await mkdir(join(tree, 'etc/systemd/system/multi-user.target.wants'), { recursive: true });
  for (const [name, text] of Object.entries(units)) {
    await writeFile(join(folder, name), text);
  }
  await symlink('graphical.target', join(folder, 'default.target'));
  await symlink(
    '/usr/lib/systemd/system/old.service',
    join(tree, 'etc/systemd/system/multi-user.target.wants/old.service'),
  );
});

const act = (wishes: readonly UnitWish[], requiredUnits: readonly string[] = []) =>
  unitsAction({ wishes, requiredUnits, whereIs: nowhere }).run(tree, {
    run: insideOf(tree),
  } as StepContext);

const wish = (action: UnitWish['action'], unit: string): UnitWish => ({
  action,
  unit,
  key: ['services', action],
});

test.skipIf(!existsSync(SYSTEMCTL))('does what the config says to the units', async () => {
  await act(
    [
      wish('enable', 'web.service'),
      wish('enable', 'worker@2.service'),
      wish('disable', 'old.service'),
      wish('mask', 'noisy.timer'),
      wish('set-default', 'multi-user.target'),
    ],
    ['web.service'],
  );
  const link = (path: string) => readlink(join(tree, 'etc/systemd/system', path));
  expect(await link('multi-user.target.wants/web.service')).toMatch(/web\.service$/);
  expect(await link('multi-user.target.wants/worker@2.service')).toMatch(/worker@\.service$/);
  expect(await link('noisy.timer')).toBe('/dev/null');
  expect(await link('default.target')).toMatch(/multi-user\.target$/);
  await expect(link('multi-user.target.wants/old.service')).rejects.toThrow('ENOENT');
});

test.skipIf(!existsSync(SYSTEMCTL))('refuses before and after it changes units', async () => {
  const codeOf = (promise: Promise<void>) =>
    promise.then(
      () => undefined,
      (error: MicroLinuxError) => [error.code, error.exitCode],
    );
  expect(await codeOf(act([wish('enable', 'wep.service')]))).toEqual(['unit-unknown', 2]);
  expect(await codeOf(act([wish('enable', 'noisy.timer')]))).toEqual(['unit-unusable', 2]);
  expect(await codeOf(act([wish('disable', 'old.service')], ['old.service']))).toEqual([
    'never-healthy',
    2,
  ]);
});
