import { checkUserName, Problem } from '@micro-linux/provision';
import * as z from 'zod';
import { checkedText, parsed, uniqueList, withRule } from '../checked.ts';
import { parsePassword } from '../password.ts';
import { parseKeyOrPath } from '../ssh-key-file.ts';
import { parseSudo } from '../sudo.ts';

const keys = withRule(
  z.strictObject({
    name: checkedText(checkUserName).prefault('micro').meta({ description: 'Login name.' }),
    sshKeys: uniqueList(parsed(z.string(), parseKeyOrPath))
      .prefault([])
      .meta({
        description:
          'SSH public keys that may log in: each the line of a .pub file, or the path of a file with some.',
        examples: [['ssh-ed25519 AAAA... me@example']],
      }),
    password: parsed(z.string(), parsePassword).prefault('generate').meta({
      description:
        '`generate` (a new one for each build), `disabled` (SSH keys only) or a crypt(3) hash as `openssl passwd -6` prints it. Never a plain password.',
    }),
    sudo: parsed(z.string(), parseSudo)
      .optional()
      .meta({
        description:
          'What the user may do with sudo: `none`, `password`, `nopasswd`, or the path of a file with rules. Default: everything, with the password if there is one.',
        examples: ['nopasswd'],
      }),
  }),
  ['sshKeys', 'password'],
  ({ sshKeys, password }) =>
    password.kind === 'disabled' && sshKeys.length === 0
      ? new Problem(
          'is disabled, but there is no SSH key: nobody could log in',
          'add a public key to user.sshKeys, or write `generate`',
          { at: ['password'] },
        )
      : undefined,
);

export const userSchema = withRule(keys, ['password', 'sudo'], ({ password, sudo }) =>
  password.kind === 'disabled' && sudo?.kind === 'password'
    ? new Problem('asks for a password, and the user has none', 'write nopasswd, or leave it out', {
        at: ['sudo'],
      })
    : undefined,
)
  .prefault({})
  .meta({
    description: 'The first user. Each device may give it another name, password and keys.',
  });
