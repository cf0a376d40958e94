import {
  groupIn,
  type KeyPath,
  listIn,
  Problem,
  parseSshKey,
  valueIn,
} from '@micro-linux/provision';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';

/** Login by ssh. */
export function sshRemarks({ autoinstall, base }: Seed): Remark[] {
  const ssh = groupIn(autoinstall, 'ssh');
  const path = [...base, 'ssh'];
  const keys = listIn(ssh, 'authorized-keys');
  return [
    ...keys.flatMap((key, index) => keyRemarks(key, [...path, 'authorized-keys', index])),
    ...withoutServer(ssh, path),
    ...(valueIn(ssh, 'install-server') === true &&
    valueIn(ssh, 'allow-pw') === false &&
    keys.length === 0
      ? [
          {
            rule: 'ssh-server',
            path: [...path, 'allow-pw'],
            problem: 'is false, and there are no authorized-keys: nobody can log in by ssh',
            fix: 'add a public key to authorized-keys, or write allow-pw: true',
          } as const,
        ]
      : []),
  ];
}

function keyRemarks(key: unknown, path: KeyPath): Remark[] {
  if (typeof key !== 'string') {
    return [];
  }
  // Options such as `no-pty,from="…"` may come before the type.
  const start = key.search(/(?:^|\s)(?:sk-)?(?:ssh-|ecdsa-)/);
  const result = parseSshKey(start > 0 && !key.includes('PRIVATE KEY') ? key.slice(start) : key);
  return result instanceof Problem
    ? [{ rule: 'ssh-key', path, problem: result.what, fix: result.fix ?? 'write a public key' }]
    : [];
}

function withoutServer(ssh: Readonly<Record<string, unknown>>, path: KeyPath): Remark[] {
  return valueIn(ssh, 'install-server') === true
    ? []
    : ['authorized-keys', 'allow-pw']
        .filter((key) => key in ssh)
        .map((key) => ({
          rule: 'ssh-server',
          path: [...path, key],
          at: 'key',
          problem: 'counts only where the SSH server is installed',
          fix: 'add install-server: true',
        }));
}
