import {
  checkHostname,
  checkHostnameTemplate,
  groupIn,
  listIn,
  SOURCE_ID,
  textIn,
  valueIn,
} from '@micro-linux/provision';
import type { Remark } from '../check/finding.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { hashRemarks, isLocked } from './password.ts';
import { judgeUserName } from './user-name.ts';

/** Who can log in to the installed system, and its host name. */
export function identityRemarks(seed: Seed): Remark[] {
  const { autoinstall, base } = seed;
  const identity = groupIn(autoinstall, 'identity');
  const path = [...base, 'identity'];
  const name = textIn(identity, 'username');
  const hostname = textIn(identity, 'hostname');
  // Only micro-linux's own system makes a name from a template.
  const isOurs = textIn(groupIn(autoinstall, 'source'), 'id') === SOURCE_ID;
  const checkName = isOurs ? checkHostnameTemplate : checkHostname;
  const nameProblem = name === undefined ? undefined : judgeUserName(name);
  const hostProblem = hostname === undefined ? undefined : checkName(hostname);
  return [
    ...missing(seed),
    ...(nameProblem
      ? [{ rule: 'user-name', path: [...path, 'username'], ...nameProblem } as const]
      : []),
    ...(hostProblem
      ? [
          {
            rule: 'host-name',
            path: [...path, 'hostname'],
            problem: hostProblem.what,
            fix: hostProblem.fix ?? 'write a host name',
          } as const,
        ]
      : []),
    ...hashRemarks(identity['password'], [...path, 'password']),
    ...lockedOut(seed),
  ];
}

function missing({ autoinstall, base }: Seed): Remark[] {
  const sections = listIn(autoinstall, 'interactive-sections');
  // Null counts as missing only for identity.
  return (autoinstall['identity'] ?? null) !== null ||
    'user-data' in autoinstall ||
    sections.includes('identity') ||
    sections.includes('*') ||
    valueIn(groupIn(groupIn(autoinstall, 'storage'), 'layout'), 'reset-partition-only') === true ||
    Object.keys(autoinstall).length === 0
    ? []
    : [
        {
          rule: 'no-identity',
          path: base,
          at: 'key',
          problem:
            'has neither `identity` nor `user-data`: an installation of the server fails there',
          fix: 'add `identity` with hostname, username and password',
        },
      ];
}

function lockedOut({ autoinstall, base }: Seed): Remark[] {
  const password = valueIn(groupIn(autoinstall, 'identity'), 'password');
  const keys = listIn(groupIn(autoinstall, 'ssh'), 'authorized-keys');
  return isLocked(password) && keys.length === 0 && !('user-data' in autoinstall)
    ? [
        {
          rule: 'no-login',
          path: [...base, 'identity', 'password'],
          problem: 'locks the password, and there is no SSH key: nobody could log in',
          fix: 'add a public key to ssh.authorized-keys, or write a hash here',
        },
      ]
    : [];
}
