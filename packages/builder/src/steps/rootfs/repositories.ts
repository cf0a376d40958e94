import { rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, MicroLinuxError, type Runner, shellQuote } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import type { RepositoryConfig } from '../../config/repositories.ts';
import { placed, type WhereIs } from '../../config/where-is.ts';
import { armor, dearmor, isArmored } from '../../host/openpgp-armor.ts';
import { readSmallFile } from '../../system/files/require-file.ts';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';

/** A package archive with its keys. */
export interface Repository extends Omit<RepositoryConfig, 'signedBy'> {
  /** Its public keys, armored. */
  readonly key: string;
}

/** Far more than any archive's keys, and less than a disk that is named by mistake. */
const MAXIMUM_BYTES = 1024 * 1024;

/**
 * Reads and checks the key files of the config's repositories.
 *
 * @throws MicroLinuxError `repository-key-invalid`, exit code 2: a missing file, no public key, or
 *   another key than the one with the fingerprint.
 */
export async function readRepositories(
  repositories: readonly RepositoryConfig[],
  { run, whereIs }: { readonly run: Runner; readonly whereIs: WhereIs },
): Promise<readonly Repository[]> {
  return Promise.all(
    repositories.map(async ({ signedBy, ...repository }, index) => {
      const where = placed(
        whereIs(['repositories', index, 'signedBy']),
        `repositories: ${repository.name}`,
      );
      const packets = await readKeys(signedBy, where);
      await checkKeys(packets, { ...repository, file: signedBy, where, run });
      return { ...repository, key: armor(packets) };
    }),
  );
}

async function readKeys(file: string, where: string): Promise<Buffer> {
  try {
    if ((await stat(file)).size > MAXIMUM_BYTES) {
      throw new RangeError('it is too large');
    }
    const content = await readSmallFile(file);
    return isArmored(content) ? dearmor(content.toString('latin1')) : content;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`${where}: the key file ${file} cannot be read`, why, 'correct signedBy', cause);
  }
}

async function checkKeys(
  packets: Buffer,
  options: {
    readonly file: string;
    readonly fingerprint: string | undefined;
    readonly where: string;
    readonly run: Runner;
  },
): Promise<void> {
  const { file, fingerprint, where } = options;
  const keys = await listKeys(packets, options.run);
  if (keys === undefined) {
    throw invalid(
      `${where}: ${file} contains no public key`,
      'gpg finds none in it, armored or binary',
      `save the public key of the archive in ${file}`,
    );
  }
  const others = keys.filter((key) => key !== fingerprint);
  if (fingerprint !== undefined && others.length > 0) {
    throw invalid(
      `${where}: ${file} contains another key than the one with the configured fingerprint`,
      [`configured: ${fingerprint}`, ...others.map((key) => `in the file: ${key}`)].join('\n'),
      `get the right key; only if you know that it was replaced, write the new fingerprint`,
    );
  }
}

/** Fingerprints of the primary keys; undefined if there are none, or a private key. */
async function listKeys(packets: Buffer, run: Runner): Promise<readonly string[] | undefined> {
  const home = await makeOwnFolder(tmpdir(), 'micro-linux-keyring-', run);
  try {
    const file = join(home, 'key.gpg');
    await writeFile(file, packets);
    const { exitCode, stdout } = await run(
      'gpg',
      ['--homedir', home, '--batch', '--no-autostart', '--with-colons', '--show-keys', file],
      { okExitCodes: [0, 2] },
    );
    const records = stdout.split('\n').map((line) => line.split(':'));
    const keys = records.flatMap(([kind], index) =>
      kind === 'pub' || kind === 'sec'
        ? [{ kind, fingerprint: records.slice(index).find(([next]) => next === 'fpr')?.[9] ?? '' }]
        : [],
    );
    const isPublic = exitCode === 0 && keys.length > 0 && keys.every(({ kind }) => kind === 'pub');
    return isPublic ? keys.map((key) => key.fingerprint) : undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The archive in the form of sources.list(5), with its key inside. */
function sourceText(repository: Repository, signedBy: string): string {
  return [
    'Types: deb',
    `URIs: ${repository.uris.join(' ')}`,
    `Suites: ${repository.suites.join(' ')}`,
    ...(repository.components.length === 0
      ? []
      : [`Components: ${repository.components.join(' ')}`]),
    'Architectures: amd64',
    `Signed-By:${signedBy}`,
    '',
  ].join('\n');
}

/** A key as the value of Signed-By: each line begins with a space, and an empty one is a dot. */
function embedded(key: string): string {
  return key
    .trimEnd()
    .split('\n')
    .map((line) => `\n ${line === '' ? '.' : line}`)
    .join('');
}

/** apt_preferences(5) for the hosts of an archive; undefined if it is not pinned. */
function pinText({ uris, pin }: Repository): string | undefined {
  const hosts = [...new Set(uris.map((uri) => new URL(uri).hostname))];
  return pin === undefined
    ? undefined
    : hosts.map((host) => `Package: *\nPin: origin "${host}"\nPin-Priority: ${pin}\n`).join('\n');
}

const sourcePath = (name: string) => `/etc/apt/sources.list.d/${name}.sources`;
const pinPath = (name: string) => `/etc/apt/preferences.d/${name}.pref`;

/** mmdebstrap's hooks that make apt use the archives during a build. */
export function addRepositories(repositories: readonly Repository[]): readonly string[] {
  return repositories.flatMap((repository) => {
    const pin = pinText(repository);
    return [
      writeHook(sourcePath(repository.name), sourceText(repository, embedded(repository.key))),
      ...(pin === undefined ? [] : [writeHook(pinPath(repository.name), pin)]),
    ];
  });
}

function writeHook(path: string, text: string): string {
  return `--setup-hook=install -D -m 644 /dev/null "$1${path}" && printf %s ${shellQuote(text)} >"$1${path}"`;
}

/** mmdebstrap's hooks that remove what {@link addRepositories} wrote. */
export function removeRepositories(repositories: readonly Repository[]): readonly string[] {
  return repositories.map(
    ({ name }) => `--customize-hook=rm -f "$1${sourcePath(name)}" "$1${pinPath(name)}"`,
  );
}

/** The files of the slot for archives that the device uses too. */
export function keptRepositories(repositories: readonly Repository[]): readonly TreeEntry[] {
  return repositories
    .filter(({ keep }) => keep)
    .flatMap((repository): TreeEntry[] => {
      const { name, key } = repository;
      const keyPath = `/etc/apt/keyrings/${name}.asc`;
      const pin = pinText(repository);
      const file = (path: string, content: string) => ({ kind: 'file', path, content }) as const;
      return [
        file(keyPath, key),
        file(sourcePath(name), sourceText(repository, ` ${keyPath}`)),
        ...(pin === undefined ? [] : [file(pinPath(name), pin)]),
      ];
    });
}

function invalid(message: string, why: string, hint: string, cause?: unknown): MicroLinuxError {
  return new MicroLinuxError({
    code: 'repository-key-invalid',
    ...{ message, why, hint },
    exitCode: ExitCode.usage,
    ...(cause === undefined ? {} : { cause }),
  });
}
