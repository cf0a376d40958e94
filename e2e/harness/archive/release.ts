import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SigningKey } from './signing-key.ts';
import type { Toolbox } from './toolbox.ts';

/** One suite of the archive, e.g. a pocket. */
export interface Suite {
  readonly name: string;
  readonly codename: string;
  readonly components: readonly string[];
}

/** Path of the packages of a suite's component, from the archive's root. */
export function poolPath(suite: string, component: string): string {
  return join('pool', suite, component);
}

/**
 * Writes `dists/<suite>`: the index of each component's pool, and a Release with both kinds of
 * signature and the same fields as Ubuntu's.
 */
export async function writeSuite(
  toolbox: Toolbox,
  root: string,
  suite: Suite,
  key: SigningKey,
): Promise<void> {
  const dist = join(root, 'dists', suite.name);
  const entries: string[] = [];
  for (const component of suite.components) {
    const directory = join(component, 'binary-amd64');
    await mkdir(join(dist, directory), { recursive: true });
    await mkdir(join(root, poolPath(suite.name, component)), { recursive: true });
    for (const [name, content] of await indexFiles(toolbox, root, suite.name, component)) {
      await writeFile(join(dist, directory, name), content);
      const sum = createHash('sha256').update(content).digest('hex');
      entries.push(` ${sum} ${content.length} ${join(directory, name)}`);
    }
  }
  const release = join(dist, 'Release');
  await writeFile(
    release,
    [
      'Origin: Ubuntu',
      'Label: Ubuntu',
      `Suite: ${suite.name}`,
      'Version: 24.04',
      `Codename: ${suite.codename}`,
      `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`,
      'Architectures: amd64',
      `Components: ${suite.components.join(' ')}`,
      'Description: stand-in for Ubuntu 24.04, made of Debian packages for tests',
      'SHA256:',
      ...entries,
      '',
    ].join('\n'),
  );
  await key.clearSign(release, join(dist, 'InRelease'));
  await key.detachSign(release, join(dist, 'Release.gpg'));
}

async function indexFiles(
  toolbox: Toolbox,
  root: string,
  suite: string,
  component: string,
): Promise<readonly (readonly [string, Uint8Array])[]> {
  const plain = join(toolbox.scratch, `Packages-${suite}-${component}`);
  await toolbox.run(
    'apt-ftparchive',
    [
      ...['-o', 'APT::FTPArchive::MD5=false', '-o', 'APT::FTPArchive::SHA1=false'],
      ...['-o', 'APT::FTPArchive::SHA512=false', '-o', 'APT::FTPArchive::Release::SHA512=false'],
      'packages',
      poolPath(suite, component),
    ],
    { cwd: root, stdoutFile: plain, signal: toolbox.signal },
  );
  await toolbox.run('xz', ['--keep', '--force', '-2', plain], { signal: toolbox.signal });
  const packages = await readFile(plain);
  return [
    ['Packages', packages],
    ['Packages.gz', await promisify(gzip)(packages)],
    ['Packages.xz', await readFile(`${plain}.xz`)],
  ];
}
