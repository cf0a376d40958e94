import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError, type Runner, run } from '@micro-linux/core';
import type { Profile } from '../profiles/profile.ts';
import { makeOwnFolder } from '../system/temporary/own-folder.ts';
import { dearmor, isArmored } from './openpgp-armor.ts';

export interface CheckKeyringOptions {
  /** A keyring (.gpg, .asc) or a directory of them, instead of the profile's. */
  readonly keyringPath?: string | undefined;
  /** A suite's InRelease. If set, the keyring must contain a key that signed it. */
  readonly inRelease?: string | undefined;
  /** Where the InRelease came from, for messages. */
  readonly archiveUrl?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly run?: Runner | undefined;
}

/**
 * Checks that the keys for a profile's archive exist and, given an InRelease, are the right ones.
 * apt would fail only after minutes, and without a hint.
 *
 * @returns the path of the keyring
 * @throws MicroLinuxError `keyring-missing`, `keyring-wrong` (it lacks the signing key, or the key
 *   has expired), `archive-signature-bad` (the index was tampered with or damaged)
 */
export async function checkKeyring(
  profile: Pick<Profile, 'keyring' | 'vendor' | 'title' | 'suite'>,
  options: CheckKeyringOptions = {},
): Promise<string> {
  const keyring = options.keyringPath ?? profile.keyring;
  const files = await keyringFiles(keyring);
  if (files.length === 0) {
    throw new MicroLinuxError({
      code: 'keyring-missing',
      message: `the keyring ${keyring} is missing`,
      why: `${profile.title} is accepted only with its signatures checked`,
      hint:
        options.keyringPath === undefined
          ? `./micro-linux setup-host installs ${profile.vendor}'s archive keys`
          : "check `keyring:` in micro-linux.yaml; without it the host's own is used",
      details: { keyring },
    });
  }
  if (options.inRelease !== undefined) {
    await checkSignature(profile, keyring, files, options.inRelease, options);
  }
  return keyring;
}

async function checkSignature(
  profile: Pick<Profile, 'suite' | 'vendor'>,
  keyring: string,
  files: readonly string[],
  inRelease: string,
  options: CheckKeyringOptions,
): Promise<void> {
  const directory = await makeOwnFolder(tmpdir(), 'micro-linux-keyring-', options.run ?? run);
  try {
    const message = join(directory, 'InRelease');
    await writeFile(message, inRelease);
    const binary = await Promise.all(
      files.map((file, index) => asBinaryKeyring(file, join(directory, `${index}.gpg`))),
    );
    const { stdout } = await (options.run ?? run)(
      'gpgv',
      [
        '--homedir',
        directory,
        '--status-fd',
        '1',
        ...binary.flatMap((file) => ['--keyring', file]),
        message,
      ],
      // 1: a bad signature, 2: no key. The status lines say which key.
      { okExitCodes: [0, 1, 2], ...(options.signal ? { signal: options.signal } : {}) },
    );
    const archive = options.archiveUrl ?? 'the archive';
    const verdict = readVerdict(stdout);
    switch (verdict.kind) {
      case 'good':
        return;
      case 'bad':
        throw new MicroLinuxError({
          code: 'archive-signature-bad',
          message: `the signature of ${archive} (${profile.suite}) is wrong`,
          why: 'the index was changed after it was signed: a damaged mirror, or an attack',
          hint: 'use another mirror: `mirror:` in micro-linux.yaml',
          details: { keyring },
        });
      case 'expired':
        throw wrong(
          `the key ${verdict.keys.join(', ')} that signed it has expired in this keyring`,
        );
      case 'unknown':
        throw wrong(
          verdict.keys.length === 0
            ? 'it has no signature that gpgv can read'
            : `it is signed by ${verdict.keys.join(', ')}, which the keyring does not contain`,
        );
    }

    function wrong(why: string): MicroLinuxError {
      return new MicroLinuxError({
        code: 'keyring-wrong',
        message: `${keyring} cannot check ${archive} (${profile.suite})`,
        why,
        hint:
          'name the keyring that goes with this archive (`keyring:` in micro-linux.yaml), ' +
          `or use an archive of ${profile.vendor}'s`,
        details: { keyring, keys: verdict.keys.join(' ') },
      });
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Verdict {
  readonly kind: 'good' | 'bad' | 'expired' | 'unknown';
  readonly keys: readonly string[];
}

/** Reads gpgv's status lines. As in apt, one good signature by a known key is enough. */
function readVerdict(status: string): Verdict {
  const keysOf = (keyword: string): string[] =>
    [...status.matchAll(new RegExp(`^\\[GNUPG:\\] ${keyword} ([0-9A-F]+)`, 'gm'))].map(
      (match) => match[1] ?? '',
    );
  const kinds = [
    ['bad', 'BADSIG'],
    ['good', 'GOODSIG'],
    ['expired', 'EXPKEYSIG'],
    ['unknown', 'NO_PUBKEY'],
  ] as const;
  for (const [kind, keyword] of kinds) {
    const keys = keysOf(keyword);
    if (keys.length > 0) {
      return { kind, keys };
    }
  }
  return { kind: 'unknown', keys: [] };
}

/**
 * The keyring files at a path: the file itself, or those in a directory; empty if it is missing.
 */
async function keyringFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) {
    return found && found.size > 0 ? [path] : [];
  }
  const names = await readdir(path);
  return names
    .filter((name) => /\.(?:gpg|asc)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/**
 * gpgv reads binary keyrings only, but apt also accepts armored ones, so these are decoded first.
 */
async function asBinaryKeyring(file: string, target: string): Promise<string> {
  const content = await readFile(file);
  if (!isArmored(content)) {
    return file;
  }
  await writeFile(target, dearmor(content.toString('latin1')));
  return target;
}
