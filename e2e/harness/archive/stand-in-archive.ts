import { chmod, copyFile, link, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { grubEfiAmd64Signed, shimSigned } from './boot-packages.ts';
import { type Debs, downloadClosure } from './debian-closure.ts';
import { debianSources } from './debian-sources.ts';
import { buildDummyPackage, type DummyPackage } from './dummy-package.ts';
import {
  debianNames,
  NEWER_IN_POCKET,
  NOBLE_COMPONENTS,
  NOBLE_GRUB_DIRECTORY,
  NOBLE_SUITES,
  type NobleComponent,
  type NobleSuite,
  OS_RELEASE,
} from './noble-names.ts';
import { poolPath, writeSuite } from './release.ts';
import { repackage } from './repackage.ts';
import { type SigningKey, withSigningKey } from './signing-key.ts';
import type { Toolbox } from './toolbox.ts';

export interface StandInArchiveOptions {
  /** Where to write the archive, ready to be served; replaces the result of an earlier run. */
  readonly directory: string;
  /** Directory for downloads, kept between runs; remove it to get newer Debian packages. */
  readonly cacheDirectory: string;
  /** Packages that must be installable, named as on noble. The signed boot packages always are. */
  readonly packages: readonly string[];
  readonly run: Runner;
  readonly signal?: AbortSignal | undefined;
  /** sources.list of the Debian archive underneath; by default mmdebstrap's for bookworm. */
  readonly sources?: string | undefined;
}

/** A package with a newer version in one pocket than in the release. */
export interface NewerPackage {
  readonly name: string;
  readonly suite: NobleSuite;
  readonly component: NobleComponent;
  /** The version in an image if the pocket was used. */
  readonly version: string;
}

export interface StandInArchive {
  readonly directory: string;
  /** The public key of the signature, for apt's `signed-by`. */
  readonly keyring: string;
  readonly fingerprint: string;
  readonly newer: readonly NewerPackage[];
}

const UNDERNEATH = 'bookworm';

/**
 * Makes a signed archive with noble's suites, components and package names out of Debian packages,
 * so that the noble profile can be tested where Ubuntu's archive is not reachable.
 * docs/explanation/noble.md says what that proves and what it does not.
 */
export async function createStandInArchive(
  options: StandInArchiveOptions,
): Promise<StandInArchive> {
  const scratch = await mkdtemp(join(tmpdir(), 'stand-in-'));
  try {
    const toolbox: Toolbox = { run: options.run, signal: options.signal, scratch };
    const debs = await downloadClosure(toolbox, {
      cacheDirectory: options.cacheDirectory,
      sources: options.sources ?? (await debianSources(toolbox, UNDERNEATH)),
      install: debianNames(options.packages),
      alone: [...SHIMS, 'usr-is-merged'],
    });
    return await withSigningKey(
      options.run,
      (key) => writeArchive(toolbox, options.directory, debs, key),
      options.signal,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Debian's packages with the signed shim and its helpers. */
const SHIMS = ['shim-signed', 'shim-helpers-amd64-signed'];

async function writeArchive(
  toolbox: Toolbox,
  directory: string,
  debs: Debs,
  key: SigningKey,
): Promise<StandInArchive> {
  const at = (...names: string[]) => join(directory, ...names);
  for (const name of ['dists', 'pool', 'keyring.gpg']) {
    await rm(at(name), { recursive: true, force: true });
  }
  const pool = (suite: NobleSuite, component: NobleComponent) => at(poolPath(suite, component));
  await mkdir(pool('noble', 'main'), { recursive: true });
  // In its user namespace apt runs as another user, which must be able to read the keyring.
  await chmod(directory, 0o755);
  await key.exportKeyring(at('keyring.gpg'));

  const replaced = new Set([...SHIMS, 'initramfs-tools', 'base-files']);
  const inUniverse = new Set<string>(
    NEWER_IN_POCKET.filter(({ component }) => component === 'universe').map(({ name }) => name),
  );
  for (const [name, deb] of debs) {
    if (!replaced.has(name)) {
      await place(deb, pool('noble', inUniverse.has(name) ? 'universe' : 'main'));
    }
  }
  const main = pool('noble', 'main');
  // On Ubuntu they depend on a busybox for the initramfs; on Debian they recommend busybox.
  await repackage(
    toolbox,
    debOf(debs, 'initramfs-tools'),
    { addDepends: ['busybox-initramfs'] },
    main,
  );
  await repackage(
    toolbox,
    debOf(debs, 'base-files'),
    { files: { '/usr/lib/os-release': OS_RELEASE } },
    main,
  );
  for (const dummy of await dummies(toolbox, debs, at('keyring.gpg'))) {
    await buildDummyPackage(toolbox, dummy, main);
  }
  const newer: NewerPackage[] = [];
  for (const one of NEWER_IN_POCKET) {
    const versionSuffix = `+${one.suite.replace('-', '.')}1`;
    const { version } = await repackage(
      toolbox,
      debOf(debs, one.name),
      { versionSuffix },
      pool(one.suite, one.component),
    );
    newer.push({ ...one, version });
  }
  for (const name of NOBLE_SUITES) {
    const suite = { name, codename: 'noble', components: NOBLE_COMPONENTS };
    await writeSuite(toolbox, directory, suite, key);
  }
  return { directory, keyring: at('keyring.gpg'), fingerprint: key.fingerprint, newer };
}

/** Packages that Debian lacks or structures differently. */
async function dummies(toolbox: Toolbox, debs: Debs, keyring: string): Promise<DummyPackage[]> {
  return [
    {
      name: 'linux-image-virtual',
      version: '6.8.0+standin1',
      section: 'kernel',
      description: "stand-in: depends on Debian's kernel for virtual machines",
      depends: ['linux-image-cloud-amd64'],
    },
    {
      name: 'busybox-initramfs',
      version: '1:1.36.1+standin1',
      section: 'shells',
      description: "stand-in: depends on Debian's busybox, which brings its initramfs hook",
      depends: ['busybox'],
    },
    {
      name: 'ubuntu-keyring',
      version: '2023.11.28.1+standin1',
      section: 'misc',
      description: "stand-in: the stand-in archive's key under the name of Ubuntu's",
      files: { '/usr/share/keyrings/ubuntu-archive-keyring.gpg': await readFile(keyring) },
    },
    await shimSigned(
      toolbox,
      SHIMS.map((name) => debOf(debs, name)),
    ),
    await grubEfiAmd64Signed(toolbox, NOBLE_GRUB_DIRECTORY),
  ];
}

function debOf(debs: Debs, name: string): string {
  const deb = debs.get(name);
  if (!deb) {
    throw new MicroLinuxError({
      code: 'stand-in-package',
      message: `the Debian archive did not give ${name}`,
    });
  }
  return deb;
}

/** Puts a file into the pool, by a hard link if the cache is on the same file system. */
async function place(deb: string, pool: string): Promise<void> {
  await mkdir(pool, { recursive: true });
  // Without the epoch, which apt escapes and archives leave out.
  const target = join(pool, basename(deb).replace(/_\d+%3a/, '_'));
  await link(deb, target).catch(() => copyFile(deb, target));
}
