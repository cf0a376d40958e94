import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runner } from '@micro-linux/core';
import { buildDummyPackage, type DummyPackage } from './dummy-package.ts';
import { poolPath, writeSuite } from './release.ts';
import { withSigningKey } from './signing-key.ts';

/** A package with nothing but the fields that apt reads. */
export interface SmallPackage {
  readonly name: string;
  readonly depends?: readonly string[];
}

export interface SmallArchive {
  readonly directory: string;
  readonly keyring: string;
}

/**
 * Makes a signed archive of a few empty packages in about a second, to test apt's messages about
 * its index and the connection.
 *
 * @param directory new; every user can enter it.
 * @param suites the first one contains the packages, the others are empty.
 */
export async function makeSmallArchive(
  directory: string,
  suites: readonly string[],
  packages: readonly SmallPackage[],
  run: Runner,
): Promise<SmallArchive> {
  const toolbox = { run, signal: undefined, scratch: join(directory, 'scratch') };
  const archive = join(directory, 'archive');
  const keyring = join(directory, 'keyring.gpg');
  await mkdir(toolbox.scratch, { recursive: true });
  await chmod(directory, 0o755);
  const [first = ''] = suites;
  const pool = join(archive, poolPath(first, 'main'));
  for (const { name, depends } of packages) {
    const dummy: DummyPackage = {
      ...{ name, version: '1.0', section: 'misc', description: 'empty' },
      ...(depends === undefined ? {} : { depends }),
    };
    await buildDummyPackage(toolbox, dummy, pool);
  }
  await withSigningKey(run, async (key) => {
    await key.exportKeyring(keyring);
    for (const name of suites) {
      await writeSuite(toolbox, archive, { name, codename: first, components: ['main'] }, key);
    }
  });
  return { directory: archive, keyring };
}
