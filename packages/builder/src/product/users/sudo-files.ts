import type { TreeEntry } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import type { SudoConfig } from '../../config/users.ts';

/** Read in the order of the names; the last rule that matches counts (sudoers(5)). */
const DIRECTORY = '/etc/sudoers.d';

/** The files with the sudo rules of a config. */
export function sudoFiles({ user, users }: Pick<Config, 'user' | 'users'>): TreeEntry[] {
  return [
    ...users.flatMap(({ name, sudo }) =>
      sudo.kind === 'none' ? [] : [rules(`50-micro-linux-${name}`, ruleOf(name, sudo))],
    ),
    // A new device allows its first user everything (dataTree), so other rules must follow.
    ...(user.sudo === undefined
      ? []
      : [rules('90-micro-linux-first-user', firstUser(user.name, user.sudo))]),
  ];
}

function firstUser(name: string, sudo: SudoConfig): string {
  const nothing = `${name} ALL=(ALL:ALL) !ALL\n`;
  switch (sudo.kind) {
    case 'none':
      return nothing;
    case 'file':
      return `${nothing}${sudo.text}`;
    default:
      return ruleOf(name, sudo);
  }
}

function ruleOf(name: string, sudo: SudoConfig): string {
  switch (sudo.kind) {
    case 'none':
      return '';
    case 'password':
      return `${name} ALL=(ALL:ALL) PASSWD: ALL\n`;
    case 'nopasswd':
      return `${name} ALL=(ALL:ALL) NOPASSWD: ALL\n`;
    case 'file':
      return sudo.text;
  }
}

/** With the mode that sudo asks for. */
function rules(name: string, content: string): TreeEntry {
  return { kind: 'file', path: `${DIRECTORY}/${name}`, mode: 0o440, content };
}
