import { Problem } from '@micro-linux/provision';
import * as z from 'zod';
import { checkGroupId, checkUserId } from '../account-ids.ts';
import { checkAccountName, checkGroupName, checkNameOf } from '../account-name.ts';
import { checkComment, checkShell, parseHome } from '../account-paths.ts';
import { checkedText, integer, parsed, uniqueList, withRule } from '../checked.ts';
import { parseUserPassword } from '../password.ts';
import { parseKeyOrPath } from '../ssh-key-file.ts';
import { parseSudo } from '../sudo.ts';
import type { ImageUserConfig } from '../users.ts';

const ID = { minimum: 1, maximum: 65_534 };

const keys = z.strictObject({
  name: checkedText(checkAccountName).meta({ description: 'Login name.', examples: ['alice'] }),
  id: integer(ID.minimum, ID.maximum).meta({
    description:
      'Number of the user and of its group: 1001 to 59999, or 400 to 499 for a system user. It must never change.',
    examples: [2001],
  }),
  system: z.boolean().prefault(false).meta({
    description: 'For a service: no login, and a number from 400 to 499.',
  }),
  comment: checkedText(checkComment)
    .prefault('')
    .meta({ description: 'Full name, for passwd(5).' }),
  group: checkedText(checkGroupName)
    .optional()
    .meta({
      description:
        'Primary group, one of `groups`. Default: a group of its own with the same name and number.',
      examples: ['operators'],
    }),
  groups: uniqueList(checkedText(checkGroupName))
    .prefault([])
    .meta({
      description: 'Other groups: of the config, or of the image.',
      examples: [['dialout']],
    }),
  shell: checkedText(checkShell)
    .optional()
    .meta({
      description: 'Login shell. Default: /bin/bash; /usr/sbin/nologin for a system user.',
      examples: ['/bin/sh'],
    }),
  home: parsed(z.string(), (path) => {
    const home = parseHome(path);
    return home instanceof Problem ? home : { path: home };
  })
    .optional()
    .meta({
      description:
        'Home directory, below /home or /var/lib, or `none`. Default: /home/NAME; `none` for a system user.',
      examples: ['/var/lib/gateway'],
    }),
  sshKeys: uniqueList(parsed(z.string(), parseKeyOrPath))
    .prefault([])
    .meta({
      description:
        'SSH public keys: each the line of a .pub file, or the path of a file with some.',
      examples: [['keys/alice.pub']],
    }),
  password: parsed(z.string(), parseUserPassword).prefault('none').meta({
    description:
      '`none`, or a crypt(3) hash as `openssl passwd -6` prints it. Only new devices get it: an update never contains a password.',
  }),
  changePassword: z.boolean().prefault(false).meta({
    description: 'Whether the password must be changed at the first login.',
  }),
  sudo: parsed(z.string(), parseSudo).prefault('none').meta({
    description:
      'What the user may do with sudo: `none`, `password`, `nopasswd`, or the path of a file with rules.',
  }),
});

const withId = withRule(keys, ['id', 'system'], ({ id, system }) => checkUserId(id, system));

const withName = withRule(withId, ['name', 'system'], (user) => {
  const problem = checkNameOf(user);
  return problem && new Problem(problem.what, problem.fix, { at: ['name'] });
});

const withLogin = withRule(withName, ['system', 'sshKeys', 'password', 'shell'], (user) =>
  user.system && (user.sshKeys.length > 0 || user.password.hash !== undefined)
    ? new Problem(
        'is for a service, but has a key or password to log in with',
        'leave out sshKeys and password, or system',
        { at: ['system'] },
      )
    : undefined,
);

const withChange = withRule(withLogin, ['password', 'changePassword'], (user) =>
  user.changePassword && user.password.hash === undefined
    ? new Problem(
        'asks for the old password, and the user has none: no key could log in either',
        'add a hash as password, or leave it out',
        { at: ['changePassword'] },
      )
    : undefined,
);

const user = withRule(withChange, ['password', 'sudo'], (one) =>
  one.sudo.kind === 'password' && one.password.hash === undefined
    ? new Problem(
        'asks for a password, and the user has none',
        'add a hash as password, or write nopasswd',
        { at: ['sudo'] },
      )
    : undefined,
).transform(
  ({ shell, home, password, group, ...one }): ImageUserConfig => ({
    ...one,
    group,
    shell: shell ?? (one.system ? '/usr/sbin/nologin' : '/bin/bash'),
    home: home ? home.path : one.system ? undefined : `/home/${one.name}`,
    passwordHash: password.hash,
  }),
);

export const usersSchema = z
  .array(user)
  .prefault([])
  .meta({
    description:
      'Accounts in addition to `user`, with the same numbers in each build: docs/guides/users.md.',
    examples: [[{ name: 'alice', id: 2001, sshKeys: ['keys/alice.pub'] }]],
  });

const group = z.strictObject({
  name: checkedText(checkAccountName).meta({
    description: 'Name of the group.',
    examples: ['operators'],
  }),
  id: parsed(integer(ID.minimum, ID.maximum), (id) => checkGroupId(id) ?? id).meta({
    description: 'Its number: 1001 to 59999, or 400 to 499. It must never change.',
    examples: [2100],
  }),
});

export const groupsSchema = z
  .array(group)
  .prefault([])
  .meta({
    description: 'Groups, with the same numbers in each build: docs/guides/users.md.',
    examples: [[{ name: 'operators', id: 2100 }]],
  });
