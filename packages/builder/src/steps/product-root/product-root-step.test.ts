import { MicroLinuxError } from '@micro-linux/core';
import { describe, expect, test } from 'vitest';
import { profileOf } from '../../profiles/index.ts';
import { packageList } from '../rootfs/package-list.ts';
import { rootfsStep } from '../rootfs/rootfs-step.ts';
import { explainProductRoot } from './explain-product-root.ts';
import type { Hook } from './hook-files.ts';
import type { LocalPackage } from './local-packages.ts';
import { type ProductRootOptions, productRootStep } from './product-root-step.ts';

const profile = profileOf('bookworm');
const APP: LocalPackage = {
  ...{ file: '/home/me/debs/app.deb', name: 'app', version: '1.0', digest: 'd1' },
  where: 'product.yaml:3:5: packages.local',
};
const HOOK: Hook = {
  ...{ script: '/home/me/finish.sh', name: 'finish.sh', arguments: ["it's", '$HOME'], inputs: [] },
  ...{ network: false, timeoutSeconds: 60, files: [], digest: 'h1' },
  where: 'product.yaml:5:5: hooks.rootfs',
};
const plan = {
  ...{ profile, mirror: undefined, keyring: profile.keyring, locale: undefined, repositories: [] },
  packages: packageList(profile, {
    ...{ add: [], remove: [], kernelPackage: undefined, timezone: 'Etc/UTC', locale: 'C.UTF-8' },
  }),
  prune: { documentation: true, locales: true, hwdb: true, firmware: true, paths: [] },
};

const BUILD = { profile: 'bookworm', version: '1.2.3', compatible: 'gw', sourceDateEpoch: 0 };

function step(options: Partial<ProductRootOptions> = {}) {
  return productRootStep({
    ...{ plan, local: [APP], hooks: [HOOK], unwanted: ['vim'], mirrorAuth: undefined },
    base: {
      tar: '/c/rootfs.tar',
      aptLists: '/c/lists.tar',
      facts: '/c/facts',
      bootPackages: '/c/b',
    },
    rootfs: rootfsStep({
      ...{ plan, early: [], earlyDigest: '', keyringDigest: '', unwanted: [], local: [] },
      ...{ mirrorAuth: undefined, sourceDateEpoch: 0, temporaryDirectory: '/t' },
      whereIs: () => undefined,
    }),
    build: BUILD,
    ...{ offline: false, temporaryDirectory: '/t', ...options },
  });
}

const inputs = (options?: Partial<ProductRootOptions>) => JSON.stringify(step(options).inputs);

describe('the key of the product root', () => {
  test('contains no folder of the host, and does not depend on --offline', () => {
    expect(inputs()).not.toContain('/home/me/debs');
    expect(inputs()).not.toContain('product.yaml');
    expect(inputs({ offline: true })).toBe(inputs());
    expect(inputs({ mirrorAuth: '/home/me/login' })).toBe(inputs());
  });

  test.each<readonly [string, Partial<ProductRootOptions>]>([
    ['the bytes of a package', { local: [{ ...APP, digest: 'd2' }] }],
    ['the bytes of a hook', { hooks: [{ ...HOOK, digest: 'h2' }] }],
    ['the arguments of a hook', { hooks: [{ ...HOOK, arguments: [] }] }],
    ['the network of a hook', { hooks: [{ ...HOOK, network: true }] }],
    ['packages.remove', { unwanted: [] }],
    ['the version that hooks see', { build: { ...BUILD, version: '2.0.0' } }],
  ])('depends on %s', (_what, options) => {
    expect(inputs(options)).not.toBe(inputs());
  });
});

test('a hook has no network by default, and gets its arguments unchanged', () => {
  const [command = ''] = step().describe('/OUT');
  expect(command).toContain('--net');
  expect(command).toContain('timeout --kill-after=5 60');
  const [open = ''] = step({ hooks: [{ ...HOOK, network: true }] }).describe('/OUT');
  expect(open).not.toContain('--net');
});

function failure(output: string): MicroLinuxError {
  const thrown = explainProductRoot(
    new MicroLinuxError({
      ...{ code: 'tool-failed', message: 'mmdebstrap ended with status 1' },
      details: { log: '/out/build.log' },
      cause: new Error(output),
    }),
    { local: [APP], hooks: [HOOK] },
  );
  expect(thrown).toBeInstanceOf(MicroLinuxError);
  return thrown as MicroLinuxError;
}

describe('errors', () => {
  test('a hook that fails is named with its status and its last lines only', () => {
    const output = [
      'Setting up app',
      '== hook 0: finish.sh',
      ...Array.from({ length: 20 }, (_, index) => `line ${index}`),
      '== failed hook 0: 3',
      "E: setup failed: E: command failed: echo '== hook 0: finish.sh'",
    ].join('\n');
    const error = failure(output);
    expect(error).toMatchObject({
      code: 'hook-failed',
      message: 'product.yaml:5:5: hooks.rootfs: /home/me/finish.sh ended with status 3',
      details: { hook: '/home/me/finish.sh', status: 3 },
    });
    expect(error.why?.split('\n').slice(0, 2)).toEqual(['its last lines:', 'line 8']);
    expect(error.why).toContain('full log: /out/build.log');
  });

  test.each([124, 137])('status %i means that the time was over', (status) => {
    expect(failure(`== hook 0: finish.sh\n== failed hook 0: ${status}\n`)).toMatchObject({
      message: expect.stringContaining('did not end within 60 seconds'),
      hint: expect.stringContaining('timeoutSeconds'),
    });
  });

  test('a missing dependency names the file that needs it', () => {
    const output = [
      'The following packages have unmet dependencies:',
      ' app : Depends: libfoo1 but it is not installable',
      'E: Unable to correct problems, you have held broken packages.',
      "E: setup failed: E: command failed: { echo '== packages needed from the archives'; exit 1; }",
    ].join('\n');
    expect(failure(output)).toMatchObject({
      ...{ code: 'packages-unresolvable', exitCode: 2 },
      message:
        'product.yaml:3:5: packages.local: app 1.0 of /home/me/debs/app.deb cannot be installed',
      why: 'app : Depends: libfoo1 but it is not installable',
    });
  });

  test('with --offline, packages that must be fetched are an error of their own', () => {
    expect(failure('== packages needed from the archives\n').code).toBe('offline');
  });
});
