import { expect, test } from 'vitest';
import { allKeys } from './key-info.ts';
import { adviseKey } from './suggest.ts';

test.each([
  ['profle', '', 'did you mean `profile`?'],
  ['host_name', '', 'did you mean `hostname`?'],
  ['package', '', 'did you mean `packages`?'],
  ['ssh-keys', 'user', 'did you mean `sshKeys`?'],
  ['kidn', 'network', 'did you mean `kind`?'],
  ['sshKeys', '', '`sshKeys` belongs under `user`'],
  ['address', 'disk', '`address` belongs under `network`'],
  ['security', '', '`security` belongs under `mirror`'],
  ['d-n-s', '', 'did you mean `network.dns`?'],
  ['sshKey', '', 'did you mean `user.sshKeys`?'],
  ['hostname', 'network', '`hostname` belongs at the top, not under `network`'],
  ['frobnicate', 'boot', 'known here: timeoutSeconds, tries, counter'],
])('%s in %j: %s', (key, parent, advice) => {
  expect(adviseKey(key, parent, allKeys())).toBe(advice);
});
