import {
  type Group,
  groupIn,
  isGroup,
  type KeyPath,
  listIn,
  valueIn,
} from '@micro-linux/provision';
import type { Remark } from '../check/finding.ts';
import { cloudConfigRemarks } from '../cloud-config/cloud-config-remarks.ts';
import { exactValue } from '../seed/exact-value.ts';
import type { Seed } from '../seed/parse-seed.ts';
import { CLOUD_CONFIG_KEYS } from '../subiquity/cloud-config-keys.ts';
import { advise } from './advice.ts';
import { hashRemarks, plainPassword } from './password.ts';

/** Cloud-config for the installer (top of the file) and for the system (`user-data`). */
export function userDataRemarks({ autoinstall, base, document, exact, form }: Seed): Remark[] {
  const target = groupIn(autoinstall, 'user-data');
  const path = [...base, 'user-data'];
  return [
    ...Object.keys(target)
      .filter((key) => !CLOUD_CONFIG_KEYS.has(key))
      .map(
        (key): Remark => ({
          rule: 'unknown-key',
          path: [...path, key],
          at: 'key',
          problem: 'is not a key of cloud-config: the installation fails there',
          fix: advise(key, '', [...CLOUD_CONFIG_KEYS]),
        }),
      ),
    ...(Object.keys(target).length > 0
      ? cloudConfigRemarks(exactValue(exact, path), target, path)
      : []),
    ...passwords(target, path),
    ...(form === 'user-data' ? passwords(document, []) : []),
  ];
}

function passwords(config: Group, path: KeyPath): Remark[] {
  const chpasswd = groupIn(config, 'chpasswd');
  const list = valueIn(chpasswd, 'list');
  const lines = typeof list === 'string' ? list.split('\n') : listIn(chpasswd, 'list');
  return [
    ...listIn(config, 'users').flatMap((user, index) =>
      isGroup(user) ? ofUser(user, [...path, 'users', index]) : [],
    ),
    ...(typeof config['password'] === 'string' && !config['password'].startsWith('$')
      ? [plainPassword([...path, 'password'])]
      : []),
    ...listIn(chpasswd, 'users').flatMap((user, index) =>
      valueIn(user, 'type') === 'text' && typeof valueIn(user, 'password') === 'string'
        ? [plainPassword([...path, 'chpasswd', 'users', index, 'password'])]
        : [],
    ),
    ...(lines.some((line) => /^[^:]+:(?!\$\d|\$y|R(?:ANDOM)?$).+/.test(String(line)))
      ? [plainPassword([...path, 'chpasswd', 'list'])]
      : []),
  ];
}

function ofUser(user: Group, path: KeyPath): Remark[] {
  return [
    ...('plain_text_passwd' in user ? [plainPassword([...path, 'plain_text_passwd'])] : []),
    ...['passwd', 'hashed_passwd'].flatMap((key) => hashRemarks(user[key], [...path, key])),
  ];
}
