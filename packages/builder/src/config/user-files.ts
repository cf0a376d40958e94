import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reasonOf } from '@micro-linux/core';
import { type KeyPath, Problem, parseSshKey } from '@micro-linux/provision';
import type { Config } from './config.ts';
import type { Finding } from './findings.ts';
import { type PathBases, pathBase } from './paths.ts';
import { isKeyPath, readKeyLines } from './ssh-key-file.ts';
import type { SudoConfig } from './users.ts';

/**
 * Replaces the key files and files with sudo rules that a config names by what is in them.
 *
 * @returns the config, and what is wrong with the files.
 */
export async function readUserFiles(
  config: Config,
  { origins, cwd }: PathBases,
): Promise<{ readonly config: Config; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  const report = (path: KeyPath, { what, fix }: Problem) =>
    findings.push({ path, origin: origins.of(path), problem: what, fix: fix ?? '' });
  const absolute = (path: KeyPath, file: string) => resolve(pathBase(origins.of(path), cwd), file);

  const readKeys = async (path: KeyPath, entries: readonly string[]) => {
    const keys = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      const at = [...path, index];
      const found = isKeyPath(entry) ? await keysOfFile(absolute(at, entry)) : [entry];
      if (found instanceof Problem) {
        report(at, found);
      } else {
        found.forEach((key) => {
          keys.add(key);
        });
      }
    }
    return [...keys];
  };
  const readRules = async <Sudo extends SudoConfig | undefined>(path: KeyPath, sudo: Sudo) => {
    if (sudo?.kind !== 'file') {
      return sudo;
    }
    const file = absolute(path, sudo.path);
    const text = await rulesOfFile(file);
    if (text instanceof Problem) {
      report(path, text);
      return sudo;
    }
    return { kind: 'file', path: file, text } as const;
  };

  const user = {
    ...config.user,
    sshKeys: await readKeys(['user', 'sshKeys'], config.user.sshKeys),
    sudo: await readRules(['user', 'sudo'], config.user.sudo),
  };
  const users = [];
  for (const [index, one] of config.users.entries()) {
    users.push({
      ...one,
      sshKeys: await readKeys(['users', index, 'sshKeys'], one.sshKeys),
      sudo: await readRules(['users', index, 'sudo'], one.sudo),
    });
  }
  return { config: { ...config, user, users }, findings };
}

async function keysOfFile(file: string): Promise<readonly string[] | Problem> {
  const lines = await readKeyLines(file);
  if (lines instanceof Problem) {
    return lines;
  }
  const keys: string[] = [];
  for (const line of lines) {
    const key = parseSshKey(line);
    if (key instanceof Problem) {
      return new Problem(`${file} has a line that ${key.what}`, key.fix);
    }
    keys.push(key);
  }
  return keys.length === 0
    ? new Problem(`${file} has no key`, 'give the .pub file that ssh-keygen wrote')
    : keys;
}

/** Far more than anybody writes by hand, and smaller than a disk given by mistake. */
const MAXIMUM_BYTES = 64 * 1024;

async function rulesOfFile(file: string): Promise<string | Problem> {
  try {
    const info = await stat(file);
    const text = info.isFile() && info.size <= MAXIMUM_BYTES ? await readFile(file, 'utf8') : '\0';
    return text.includes('\0')
      ? new Problem(
          `${file} is not a file with rules for sudo`,
          'write the path of a text file in the format of sudoers(5)',
        )
      : text.replace(/\n?$/, '\n');
  } catch (error) {
    return new Problem(
      `names a file that cannot be read: ${reasonOf(error)}`,
      'write the path of a file with rules, or none, password or nopasswd',
    );
  }
}
