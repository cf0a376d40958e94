import { readFile, stat } from 'node:fs/promises';
import { reasonOf } from '@micro-linux/core';
import { Problem, parseSshKey } from '@micro-linux/provision';

/** Far larger than any public key file, and smaller than a disk given by mistake. */
const MAXIMUM_BYTES = 256 * 1024;

/**
 * Whether the text of a key in the config is the path of a file. Anything else is read as a key, and
 * never quoted: it may be a secret.
 */
export function isKeyPath(text: string): boolean {
  return /^\S*(?:\/\S*|\.pub)$/.test(text);
}

/** A line of `sshKeys`: a public key, or the path of a file with some. */
export function parseKeyOrPath(text: string): string | Problem {
  return isKeyPath(text) ? text : parseSshKey(text);
}

/** The lines of a key file, except empty ones and comments; the whole text of a private key. */
export async function readKeyLines(file: string): Promise<readonly string[] | Problem> {
  const info = await stat(file).catch(reasonOf);
  if (typeof info === 'string') {
    return new Problem(
      `names a file that cannot be read: ${info}`,
      'give a readable .pub file, or the key itself in quotes',
    );
  }
  const text =
    info.isFile() && info.size <= MAXIMUM_BYTES
      ? await readFile(file, 'utf8').catch(() => undefined)
      : undefined;
  if (text === undefined) {
    return new Problem(
      `${file} cannot be read as a key file`,
      'give a readable .pub file, or the key itself',
    );
  }
  // A private key stays whole, so that the check of keys can recognize it.
  return text.includes('PRIVATE KEY')
    ? [text]
    : text.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
}
