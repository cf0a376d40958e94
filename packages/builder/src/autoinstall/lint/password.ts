import { type KeyPath, Problem } from '@micro-linux/provision';
import { parsePassword } from '../../config/password.ts';
import type { Remark } from '../check/finding.ts';

/** crypt(5) hashes that libxcrypt accepts in addition to those the config accepts. */
const OTHER_HASHES = /^\$(?:2[aby]|gy|7|sha1)\$[./0-9A-Za-z$]{20,}$/;
const WEAK_HASHES = /^\$1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{22}$/;
const HOW = 'write the hash that `openssl passwd -6` prints, in single quotes';

/** Whether no password matches a password field: `!`, `*`, `!$6$…`. */
export function isLocked(password: unknown): boolean {
  return typeof password === 'string' && /^[!*]/.test(password);
}

/** What is wrong with a password hash field. Never quotes it. */
export function hashRemarks(password: unknown, path: KeyPath): Remark[] {
  if (typeof password !== 'string' || isLocked(password) || OTHER_HASHES.test(password)) {
    return [];
  }
  if (WEAK_HASHES.test(password)) {
    const problem = 'is an MD5 hash, which is quickly guessed (value not shown)';
    return [{ rule: 'weak-hash', path, problem, fix: HOW }];
  }
  if (password === '') {
    const fix = `${HOW}; or '!' to let only SSH keys in`;
    return [{ rule: 'plain-password', path, problem: 'is empty', fix }];
  }
  const result = ['generate', 'disabled'].includes(password)
    ? new Problem('is a keyword of micro-linux.yaml, and would be a plain password here', HOW)
    : parsePassword(password);
  return result instanceof Problem
    ? [{ rule: 'plain-password', path, problem: result.what, fix: HOW }]
    : [];
}

/** The remark for a field with a plain password. */
export function plainPassword(path: KeyPath): Remark {
  return {
    rule: 'plain-password',
    path,
    problem:
      'contains a plain-text password, readable by anyone who has the medium (value not shown)',
    fix: `${HOW}, into the field for hashes`,
  };
}
