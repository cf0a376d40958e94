import { link, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  ExitCode,
  errnoOf,
  explainSystemError,
  limitHint,
  MicroLinuxError,
  reasonOf,
  run,
} from '@micro-linux/core';
import { writeNew, writeWhole } from '@micro-linux/core/files';
import { generateKeyPair } from '@micro-linux/update-image/write';
import { makeFolder } from '../system/files/make-folder.ts';
import { keepOutOfGit } from '../system/git/keep-out-of-git.ts';
import { makeOwnFolder } from '../system/temporary/own-folder.ts';

/** A pair of key files. */
export interface KeyPairFiles {
  readonly keyId: string;
  readonly privateKey: string;
  readonly publicKey: string;
}

/** A new {@link KeyPairFiles}. */
export interface NewKeyPair extends KeyPairFiles {
  /** The `.gitignore` that got a line, so that `git add` skips the private key. */
  readonly gitignore?: string;
}

/** For a directory created for keys: git adds only public keys. */
const KEY_FOLDER_IGNORES = '*\n!.gitignore\n!*.pub.pem\n';

/** Path of the public half of a private key file: `a.pem` → `a.pub.pem`. */
export function publicKeyPath(privateKey: string): string {
  return `${privateKey.replace(/\.pem$/, '')}.pub.pem`;
}

/**
 * Writes an Ed25519 key pair. The private key is readable by its owner only from the first byte;
 * the public key is next to it. A new directory is also accessible to the owner only. In a git work
 * tree, the private key is ignored by git, or not created. Never replaces a file.
 *
 * @throws MicroLinuxError, exit code 2: `key-name`, `key-exists`, `key-unwritable`,
 *   `key-not-ignored`.
 */
export async function writeKeyPair(path: string): Promise<NewKeyPair> {
  refusePublicName(path);
  const publicPath = publicKeyPath(path);
  const folder = dirname(path);
  try {
    const made = await makeFolder(folder, 0o700);
    if (made !== undefined) {
      await writeFile(join(folder, '.gitignore'), KEY_FOLDER_IGNORES, { flag: 'wx' });
    }
    const gitignore = await ignorePrivateKey(path);
    const temporary = await makeOwnFolder(folder, '.new-', run);
    try {
      const { privatePem, publicPem, keyId } = generateKeyPair();
      const [privateNew, publicNew] = [join(temporary, 'private'), join(temporary, 'public')];
      await writeNew(privateNew, privatePem, 0o600);
      await writeNew(publicNew, publicPem, 0o644);
      // link(2) fails where rename(2) would replace: of two processes that create a key at the same
      // time, one wins.
      await link(privateNew, path);
      try {
        await link(publicNew, publicPath);
      } catch (error) {
        await rm(path);
        throw error;
      }
      return {
        ...{ keyId, privateKey: path, publicKey: publicPath },
        ...(gitignore === undefined ? {} : { gitignore }),
      };
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (cause) {
    throw cause instanceof MicroLinuxError ? cause : explain(cause, path, publicPath);
  }
}

/** `a.pub.pem` looks like a public key, which people commit and share. */
function refusePublicName(path: string): void {
  const name = basename(path);
  if (/\.pub(?:\.pem)?$/i.test(name)) {
    const better = name.replace(/(?:\.pub)+(?:\.pem)?$/i, '') || 'signing';
    throw new MicroLinuxError({
      code: 'key-name',
      message: `${name} is the name of a public key, and the private key would be in it`,
      why: 'name the private key; the public key goes next to it, as NAME.pub.pem',
      hint: `./micro-linux keygen ${join(dirname(path), `${better}.pem`)}`,
      exitCode: ExitCode.usage,
    });
  }
}

/** The `.gitignore` that got a line; undefined if none was needed. */
async function ignorePrivateKey(path: string): Promise<string | undefined> {
  const protection = await keepOutOfGit(path, run);
  if (protection.kind === 'not-ignored') {
    throw new MicroLinuxError({
      code: 'key-not-ignored',
      message: `git would add the private key ${path} to the repository`,
      why: protection.why,
      hint: 'choose a place outside of the repository, or have git ignore that file',
      exitCode: ExitCode.usage,
    });
  }
  return protection.kind === 'added' ? protection.file : undefined;
}

/** Restores a missing public key. */
export async function writePublicHalf(privateKey: string, publicPem: string): Promise<void> {
  const path = publicKeyPath(privateKey);
  try {
    await writeWhole(path, publicPem, { mode: 0o644 });
  } catch (cause) {
    throw explain(cause, privateKey, path);
  }
}

/** EEXIST of link(2). From mkdir(2), it means that there is a file at the directory's path. */
function isTaken(error: unknown): boolean {
  return (
    errnoOf(error) === 'EEXIST' &&
    error instanceof Error &&
    'syscall' in error &&
    error.syscall === 'link'
  );
}

function explain(cause: unknown, path: string, publicPath: string): MicroLinuxError {
  if (isTaken(cause)) {
    return new MicroLinuxError({
      code: 'key-exists',
      message: `there is a key already: ${path} or ${publicPath}`,
      why: 'replacing a key locks out the devices that trust it',
      hint: 'choose another file name, or move the old pair away',
      exitCode: ExitCode.usage,
      cause,
    });
  }
  const full = explainSystemError(cause)?.code === 'disk-full';
  return new MicroLinuxError({
    code: 'key-unwritable',
    message: `the key ${path} cannot be written`,
    why: reasonOf(cause),
    hint: full
      ? 'free some space (df -h and df -i show where), or name another place'
      : (limitHint(cause) ?? 'choose a directory that your user may write to'),
    exitCode: ExitCode.usage,
    cause,
  });
}
