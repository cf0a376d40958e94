import { checkUserName, Problem, parseSshKey } from '@micro-linux/provision';
import * as z from 'zod';
import { checkedText, parsed, uniqueList, withRule } from '../checked.ts';
import { parsePassword } from '../password.ts';

export const userSchema = withRule(
  z.strictObject({
    name: checkedText(checkUserName)
      .prefault('micro')
      .meta({ description: 'Login name. The user may use sudo.' }),
    sshKeys: uniqueList(parsed(z.string(), parseSshKey))
      .prefault([])
      .meta({
        description: 'SSH public keys that may log in, each as the line of its .pub file.',
        examples: [['ssh-ed25519 AAAA... me@example']],
      }),
    password: parsed(z.string(), parsePassword).prefault('generate').meta({
      description:
        '`generate` (a new one for each build), `disabled` (SSH keys only) or a crypt(3) hash as `openssl passwd -6` prints it. Never a plain password.',
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
)
  .prefault({})
  .meta({ description: 'The only user who can log in.' });
