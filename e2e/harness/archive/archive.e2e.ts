import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, run } from '@micro-linux/core';
import { COMMON_PACKAGES } from 'micro-linux/profiles/common-packages';
import { profileOf } from 'micro-linux/profiles/index';
import { aptSources } from 'micro-linux/steps/rootfs/apt-sources';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type ArchiveServer,
  createStandInArchive,
  type Fault,
  type StandInArchive,
  serveArchive,
  standInCacheDirectory,
  withSigningKey,
} from './index.ts';

const noble = profileOf('noble');

const packages = [...COMMON_PACKAGES, ...noble.packages, noble.kernelPackage];

let directory: string;
let archive: StandInArchive;
let server: ArchiveServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'archive-e2e-'));
  // Inside its user namespace mmdebstrap is another user and must reach the keyring.
  await chmod(directory, 0o755);
  archive = await createStandInArchive({
    directory: join(directory, 'archive'),
    cacheDirectory: standInCacheDirectory(process.env),
    packages,
    run,
  });
  server = await serveArchive(archive.directory);
});

afterAll(async () => {
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  await server.setFault('ok');
});

/** The sources the builder makes for noble and a mirror. */
function sources(keyring = archive.keyring): readonly string[] {
  return aptSources(noble, { archive: server.url, security: server.url }, keyring);
}

/** Runs mmdebstrap for noble, discards the result and returns its log. */
async function mmdebstrap(options: readonly string[], lines = sources()): Promise<string> {
  const { stderr } = await run(
    'mmdebstrap',
    [
      '--variant=apt',
      '--format=null',
      '--aptopt=APT::Install-Recommends "false"',
      '--aptopt=Acquire::Languages "none"',
      '--aptopt=Acquire::Retries "1"',
      ...options,
      noble.suite,
      '/dev/null',
      ...lines,
    ],
    // A proxy could not reach this machine's own server.
    { cwd: '/', env: { no_proxy: '127.0.0.1' } },
  );
  return stderr;
}

/** The whole output of a failed program: the message's last lines and its standard error. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof MicroLinuxError)) {
    throw new Error(`expected a MicroLinuxError, not ${thrown}`);
  }
  const whole = thrown.cause instanceof Error ? thrown.cause.message : '';
  return `${thrown.message}\n${thrown.why}\n${whole}`;
}

describe('the stand-in archive of noble', () => {
  test('installs by mmdebstrap from the release and both pockets', async () => {
    const log = await mmdebstrap([
      `--include=${archive.newer.map(({ name }) => name).join(',')}`,
      `--customize-hook=chroot "$1" dpkg-query -W -f='have \${Package} \${Version}\\n' >&2`,
      '--customize-hook=sed "s/^/os-release /" "$1/etc/os-release" >&2',
    ]);
    for (const { name, version } of archive.newer) {
      expect(log).toContain(`have ${name} ${version}\n`);
    }
    expect(log).toContain('os-release VERSION_CODENAME=noble\n');
    for (const suite of [noble.suite, noble.updatesSuite, noble.securitySuite]) {
      expect(server.count(new RegExp(`^/dists/${suite}/InRelease$`))).toBeGreaterThan(0);
      expect(server.count(new RegExp(`^/pool/${suite}/.*\\.deb$`))).toBeGreaterThan(0);
    }
  });

  test('can install every package of the profile, kernel included', async () => {
    const log = await mmdebstrap(['--simulate', `--include=${packages.join(',')}`]);
    expect(log).toMatch(/^I: simulate installing remaining packages/m);
    expect(log).toMatch(/^I: success/m);
    // The same call fails for a package that the archive lacks.
    await expect(mmdebstrap(['--simulate', '--include=no-such-package'])).rejects.toThrow();
  });

  test('has the boot packages with the files that the profile needs', async () => {
    const { secureBoot } = noble;
    const log = await mmdebstrap([
      '--variant=custom',
      `--customize-hook=cd "$1" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get -qq download ${secureBoot.packages.join(' ')}`,
      '--customize-hook=for deb in "$1"/*.deb; do dpkg-deb -c "$deb" >&2; done',
    ]);
    for (const candidates of [secureBoot.shim, secureBoot.mokManager, secureBoot.grub]) {
      expect(candidates.some((path) => log.includes(` .${path}\n`))).toBe(true);
    }
  });

  test('lacks packages of pockets and components that are not enabled', async () => {
    const [release = ''] = sources();
    const withoutUniverse = release.replace(' universe', '');
    expect(withoutUniverse).not.toBe(release);
    const why = await failureOf(
      mmdebstrap(['--variant=custom', '--include=dosfstools'], [withoutUniverse]),
    );
    expect(why).toMatch(/Package 'dosfstools' has no installation candidate/);
    for (const { name, version } of archive.newer) {
      const log = await mmdebstrap(
        [
          '--variant=custom',
          `--customize-hook=APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-cache policy ${name} >&2`,
        ],
        [release],
      );
      expect(log).toMatch(/Candidate: \d/);
      expect(log).not.toContain(version);
    }
  });

  test('is refused when the keyring is another one', async () => {
    const other = join(directory, 'other.gpg');
    await withSigningKey(run, (key) => key.exportKeyring(other));
    const before = server.count(/\.deb$/);
    const why = await failureOf(mmdebstrap([], sources(other)));
    expect(why).toMatch(/NO_PUBKEY|not signed/);
    expect(server.count(/\.deb$/)).toBe(before);
  });

  test.each<readonly [Fault, RegExp]>([
    ['refuse', /Could not connect|Connection refused/],
    ['not-found', /does not have a Release file|404/],
    ['html', /Clearsigned file isn't valid|NOSPLIT|not signed/],
    ['wrong-hash', /Hash Sum mismatch/],
    [
      'truncate',
      /Connection (failed|closed|reset)|Undetermined Error|error reading|Failed to fetch/i,
    ],
  ])('fails on a mirror with the fault %s', async (fault, expected) => {
    await server.setFault(fault);
    expect(await failureOf(mmdebstrap([]))).toMatch(expected);
  });
});
