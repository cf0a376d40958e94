import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Runner, run } from '@micro-linux/core';
import type { WhereIs } from 'micro-linux/config/where-is';
import { readAptLogins } from 'micro-linux/host/apt-auth';
import { preflightArchive } from 'micro-linux/host/archive';
import { profileOf } from 'micro-linux/profiles/index';
import { readLocalPackages } from 'micro-linux/steps/product-root/local-packages';
import { askApt } from 'micro-linux/steps/rootfs/ask-apt';
import { judgePackages } from 'micro-linux/steps/rootfs/judge-packages';
import { mirrorLogins } from 'micro-linux/steps/rootfs/mirror-logins';
import type { RootfsPlan } from 'micro-linux/steps/rootfs/mmdebstrap-arguments';
import { readRepositories } from 'micro-linux/steps/rootfs/repositories';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildDummyPackage } from './dummy-package.ts';
import { type ArchiveServer, serveArchive } from './serve-archive.ts';
import { makeSmallArchive, type SmallArchive } from './small-archive.ts';

const bookworm = profileOf('bookworm');

const missing = ['mmdebstrap', 'apt-ftparchive', 'gpg', 'dpkg-deb', 'xz'].filter(
  (tool) => !existsSync(join('/usr/bin', tool)),
);
const SUITES = [bookworm.suite, bookworm.updatesSuite, bookworm.securitySuite];
const PASSWORD = 'hunter2-is-no-secret';

let directory: string;
let archive: SmallArchive;
let workDirectory: string;
let seen: string[];

beforeAll(async () => {
  if (missing.length > 0) {
    return;
  }
  directory = await mkdtemp(join(tmpdir(), 'ask-apt-'));
  archive = await makeSmallArchive(
    directory,
    SUITES,
    [
      { name: 'apt' },
      { name: 'nftables', depends: ['libnftables1'] },
      { name: 'libnftables1' },
      { name: 'iptables' },
      { name: 'broken', depends: ['not-in-the-archive'] },
    ],
    run,
  );
});
afterAll(async () => {
  if (directory) {
    await rm(directory, { recursive: true });
  }
});

beforeEach(async () => {
  seen = [];
  workDirectory = await mkdtemp(join(directory, 'work-'));
});

/** Records what other users of the host can see of a program, and what it printed. */
const watched: Runner = async (file, args, options) => {
  seen.push(file, ...args);
  const result = await run(file, args, {
    ...options,
    env: { ...options?.env, no_proxy: '127.0.0.1' },
  });
  seen.push(result.stdout, result.stderr);
  return result;
};

function planOf(server: ArchiveServer, include: readonly string[]): RootfsPlan {
  return {
    profile: bookworm,
    mirror: { archive: server.url, security: server.url },
    keyring: archive.keyring,
    repositories: [],
    packages: { include, purge: [], hasKernel: true },
    prune: { documentation: true, locales: true, hwdb: true, firmware: true, paths: [] },
    locale: undefined,
  };
}

/** Line 3 for each name of the list, whichever it is. */
const whereIs: WhereIs = (path, entry) =>
  path[0] === 'packages' && entry !== 'zzzzzz' ? `product.yaml:3:5` : undefined;

async function wrongWith(
  server: ArchiveServer,
  include: readonly string[],
  unwanted: readonly string[] = [],
  mirrorAuth?: string,
) {
  const plan = planOf(server, include);
  const context = { run: watched, signal: new AbortController().signal, workDirectory };
  const logins = await mirrorLogins({ plan, mirrorAuth }, context);
  return judgePackages(await askApt({ plan, unwanted, logins }, context), { unwanted, whereIs });
}

describe.skipIf(missing.length > 0)(`apt is asked first (missing: ${missing})`, () => {
  let server: ArchiveServer;
  beforeAll(async () => {
    server = await serveArchive(archive.directory);
  });
  afterAll(() => server.close());

  test('accepts packages that can be installed', async () => {
    expect(await wrongWith(server, ['nftables'], ['iptables'])).toBeUndefined();
    expect(server.count(/\.deb$/)).toBe(0);
    expect(await readdir(workDirectory)).toEqual([]);
  });

  test('reports every misspelt name in a short message, with the closest name', async () => {
    const wrong = await wrongWith(server, ['nftabels', 'iptables', 'zzzzzz'], ['iptabels']);
    expect(wrong).toMatchObject({
      ...{ code: 'package-unknown', exitCode: 2 },
      message: 'the archive has no package named nftabels, zzzzzz, iptabels',
      why: [
        'product.yaml:3:5: packages.add: nftabels',
        'product.yaml:3:5: packages.remove: iptabels',
      ].join('\n'),
      details: { packages: ['nftabels', 'zzzzzz', 'iptabels'] },
    });
    expect(wrong?.hint?.split('\n')).toEqual([
      'correct nftabels under packages.add: did you mean nftables?',
      'correct zzzzzz under packages.add or kernel.package',
      'correct iptabels under packages.remove: did you mean iptables?',
    ]);
  });

  test('begins the message about a single name with its place', async () => {
    expect(await wrongWith(server, ['nftabels'])).toMatchObject({
      message: 'product.yaml:3:5: the archive has no package named nftabels',
      why: undefined,
      hint: 'correct nftabels under packages.add: did you mean nftables?',
    });
  });

  test('reports a removed package that others need', async () => {
    expect(await wrongWith(server, ['nftables'], ['libnftables1'])).toMatchObject({
      code: 'package-needed',
      why: expect.stringContaining('nftables : Depends: libnftables1'),
    });
  });

  test('reports packages that conflict', async () => {
    expect(await wrongWith(server, ['broken'])).toMatchObject({
      code: 'packages-unresolvable',
      why: expect.stringContaining('broken : Depends: not-in-the-archive'),
    });
  });
});

describe.skipIf(missing.length > 0)(`a mirror that requires a login (missing: ${missing})`, () => {
  let server: ArchiveServer;
  let mirrorAuth: string;
  beforeAll(async () => {
    server = await serveArchive(archive.directory, 'ok', { name: 'ops', password: PASSWORD });
    mirrorAuth = join(directory, 'mirror.auth');
    const others = `machine other.example login me password other-secret\n`;
    const ours = `machine ${server.url} login ops password ${PASSWORD}\n`;
    await writeFile(mirrorAuth, `# ours\n${others}${ours}`, { mode: 0o600 });
  });
  afterAll(() => server.close());

  const preflight = async (file?: string) =>
    preflightArchive(
      bookworm,
      { archive: server.url, security: server.url },
      archive.keyring,
      file === undefined ? {} : { logins: (await readAptLogins(file)).logins },
    );

  test('apt logs in, and other users cannot see the password', async () => {
    expect(await wrongWith(server, ['nftables'], [], mirrorAuth)).toBeUndefined();
    expect(seen.join('\n')).not.toContain(PASSWORD);
    const file = join(workDirectory, 'mirror-logins');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await run('cat', [file])).toMatchObject({
      stdout: `machine ${server.url} login ops password ${PASSWORD}\n`,
    });
  });

  test('the check of the archive before the build logs in too', async () => {
    await expect(preflight(mirrorAuth)).resolves.toBeDefined();
  });

  test.each([['none'], ['wrong']])(
    'with the login “%s” the error says how to give one',
    async (which) => {
      const wrong = join(directory, 'wrong.auth');
      await writeFile(wrong, `machine ${server.url} login ops password wrong-one\n`);
      const error = await preflight(which === 'none' ? undefined : wrong).catch((thrown) => thrown);
      expect(error).toMatchObject({
        code: 'archive-login',
        hint: expect.stringContaining(`machine ${server.url} login NAME password SECRET`),
        why: expect.stringContaining(which === 'none' ? 'no login was given' : 'not accepted'),
      });
      expect(JSON.stringify(error)).not.toContain('wrong-one');
    },
  );
});

describe.skipIf(missing.length > 0)(`archives of a product (missing: ${missing})`, () => {
  let server: ArchiveServer;
  let vendor: SmallArchive;
  let vendorServer: ArchiveServer;
  beforeAll(async () => {
    const at = join(directory, 'vendor');
    await mkdir(at);
    vendor = await makeSmallArchive(
      at,
      ['stable'],
      [{ name: 'vendor-agent', depends: ['nftables'] }],
      run,
    );
    server = await serveArchive(archive.directory);
    vendorServer = await serveArchive(vendor.directory, 'ok', { name: 'ops', password: PASSWORD });
  });
  afterAll(async () => {
    await server.close();
    await vendorServer.close();
  });

  /** What is wrong with an image that has the vendor's package, from an archive with this key. */
  async function withVendor(
    signedBy: string,
    include: readonly string[],
    debs: readonly string[] = [],
  ) {
    const repositories = await readRepositories(
      [
        {
          ...{ name: 'vendor', uris: [vendorServer.url], suites: ['stable'], components: ['main'] },
          ...{ signedBy, fingerprint: undefined, pin: undefined, keep: false },
        },
      ],
      { run, whereIs },
    );
    const mirrorAuth = join(directory, 'vendor.auth');
    await writeFile(mirrorAuth, `machine ${vendorServer.url} login ops password ${PASSWORD}\n`, {
      mode: 0o600,
    });
    const plan = { ...planOf(server, include), repositories };
    const context = { run: watched, signal: new AbortController().signal, workDirectory };
    const logins = await mirrorLogins({ plan, mirrorAuth }, context);
    const local = await readLocalPackages(debs, { run, whereIs });
    const question = { plan, unwanted: [], local, logins };
    return judgePackages(await askApt(question, context), { ...question, whereIs });
  }

  test('are used with their own key and login, and nobody sees the password', async () => {
    expect(await withVendor(vendor.keyring, ['vendor-agent'])).toBeUndefined();
    expect(vendorServer.count(/Packages/)).toBeGreaterThan(0);
    expect(seen.join('\n')).toContain('vendor.sources');
    expect(seen.join('\n')).not.toContain(PASSWORD);
  });

  test('are not trusted with the key of another archive', async () => {
    await expect(withVendor(archive.keyring, ['vendor-agent'])).rejects.toMatchObject({
      code: 'keyring-wrong',
    });
  });

  test('a version that no archive has is an error with its line', async () => {
    expect(await withVendor(vendor.keyring, ['vendor-agent=9.9'])).toMatchObject({
      code: 'package-unknown',
      message: expect.stringContaining('product.yaml:3:5: '),
    });
    expect(
      await withVendor(vendor.keyring, ['vendor-agent=1.0', 'nftables/bookworm']),
    ).toBeUndefined();
    expect(await withVendor(vendor.keyring, ['nftables/no-suite'])).toMatchObject({
      code: 'package-unknown',
    });
  });

  test('a local package gets its dependencies from them, or is named if it cannot', async () => {
    const scratch = await mkdtemp(join(directory, 'debs-'));
    const toolbox = { run, signal: undefined, scratch };
    const debOf = (name: string, depends: readonly string[]) =>
      buildDummyPackage(
        toolbox,
        { ...{ name, version: '1.0', section: 'misc', description: 'local' }, depends },
        join(scratch, 'debs'),
      );
    const good = await debOf('good', ['vendor-agent']);
    const bad = await debOf('bad', ['libmissing1 (>= 2)']);
    expect(await withVendor(vendor.keyring, [], [good])).toBeUndefined();
    expect(await withVendor(vendor.keyring, [], [good, bad])).toMatchObject({
      ...{ code: 'packages-unresolvable', exitCode: 2 },
      message: expect.stringContaining('product.yaml:3:5: packages.local: bad 1.0 of '),
      why: expect.stringContaining('bad : Depends: libmissing1'),
    });
  });
});
