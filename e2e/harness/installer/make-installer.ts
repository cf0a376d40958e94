import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { BuildRecord } from '../../../packages/builder/src/build/build-record.ts';
import { microLinuxJson } from '../cli/micro-linux.ts';
import { type InstallerSettings, installerConfig } from './installer-config.ts';

/** An ISO, and what was built with it. */
export interface Installer {
  readonly iso: string;
  readonly qcow2: string;
  readonly record: BuildRecord;
  readonly artifacts: string;
  /** File of the private key that the image's user takes. */
  readonly identity: string;
}

/**
 * Builds an image and its ISO as a user does.
 *
 * @param directory new or empty.
 * @param qcow2 whether the disk image is built, too.
 */
export async function makeInstaller(
  directory: string,
  settings: InstallerSettings = {},
  { qcow2 = false } = {},
): Promise<Installer> {
  await mkdir(directory, { recursive: true });
  const identity = join(directory, 'id');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', identity]);
  const sshKey = (await readFile(`${identity}.pub`, 'utf8')).trim();
  await microLinuxJson(['keygen', join(directory, 'keys/signing.pem')]);
  const config = join(directory, 'micro-linux.yaml');
  await writeFile(config, installerConfig(sshKey, settings));
  const artifacts = join(directory, 'artifacts');
  const { record } = await microLinuxJson([
    ...[qcow2 ? 'build' : 'iso', '--config', config],
    ...['--artifacts', artifacts],
  ]);
  return {
    iso: join(artifacts, 'micro-linux-bookworm.iso'),
    qcow2: join(artifacts, 'micro-linux-bookworm.qcow2'),
    record: record as BuildRecord,
    artifacts,
    identity,
  };
}
