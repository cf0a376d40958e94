import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import { microLinuxJson } from '../cli/micro-linux.ts';
import { type InstallerSettings, installerConfig } from './installer-config.ts';

/** An ISO, and what was built with it. */
export interface Installer {
  readonly iso: string;
  readonly qcow2: string;
  /** The signed update that the ISO holds. */
  readonly update: string;
  readonly record: BuildRecord;
  readonly artifacts: string;
  /** micro-linux.yaml, as JSON; the keys it names are beside it. */
  readonly config: string;
  /** File of the private key that the image's user takes. */
  readonly identity: string;
}

/**
 * Builds an image and its ISO as a user does.
 *
 * To repeat single stories: with STORY_STAGE=DIRECTORY an installer is made there if
 * there is none yet with these settings, and stays: remove it when what it is made from has changed.
 *
 * @param directory new or empty.
 * @param qcow2 whether the disk image is built, too.
 */
export async function makeInstaller(
  directory: string,
  settings: InstallerSettings = {},
  { qcow2 = false } = {},
): Promise<Installer> {
  const kept = process.env['STORY_STAGE'];
  if (kept === undefined) {
    return build(directory, settings, qcow2);
  }
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  const place = join(kept, `installer-${key.slice(0, 12)}`);
  const file = join(place, 'installer.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    return JSON.parse(text) as Installer;
  }
  await run('rm', ['-rf', place]);
  const installer = await build(place, settings, true);
  await writeFile(file, JSON.stringify(installer));
  return installer;
}

async function build(
  directory: string,
  settings: InstallerSettings,
  qcow2: boolean,
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
    update: join(artifacts, 'micro-linux-bookworm.update.img'),
    record: record as BuildRecord,
    ...{ artifacts, config, identity },
  };
}
