import { describe, expect, it } from 'vitest';
import { dataTree } from './data-tree.ts';
import type { Identity } from './identity.ts';

const ACCOUNTS = {
  passwd: 'root:x:0:0:root:/root:/bin/bash\n',
  group: 'root:x:0:\nshadow:x:42:\nsudo:x:27:\n',
  shadow: 'root:*:1:0:99999:7:::\n',
  gshadow: 'root:*::\nsudo:*::\n',
};
const IDENTITY: Identity = {
  hostname: 'box',
  user: 'micro',
  passwordHash: '$6$salt$hash',
  sshPassword: true,
  sshKeys: [],
  network: { kind: 'dhcp', interface: undefined },
  timezone: 'Etc/UTC',
  locale: 'C.UTF-8',
};

function file(identity: Identity, path: string) {
  const entry = dataTree(identity, ACCOUNTS).find((candidate) => candidate.path === path);
  return entry?.kind === 'file' && typeof entry.content === 'string'
    ? { ...entry, content: entry.content }
    : undefined;
}

describe('dataTree', () => {
  it('makes the password hash readable only by root and the group shadow', () => {
    expect(file(IDENTITY, '/etc/upper/shadow')).toMatchObject({ mode: 0o640, gid: 42 });
  });

  it('allows password logins only if there is a password', () => {
    const path = '/etc/upper/ssh/sshd_config.d/10-micro-linux.conf';
    expect(file(IDENTITY, path)?.content).toContain('PasswordAuthentication yes');
    const keysOnly = {
      ...IDENTITY,
      passwordHash: undefined,
      sshPassword: false,
      sshKeys: ['ssh-ed25519 AAAA a@b'],
    };
    expect(file(keysOnly, path)?.content).toContain('PasswordAuthentication no');
    expect(file(keysOnly, '/etc/upper/shadow')?.content).toContain('\nmicro:!:');
    expect(file(keysOnly, '/etc/upper/sudoers.d/10-micro-linux')).toMatchObject({ mode: 0o440 });
    expect(file(IDENTITY, '/etc/upper/sudoers.d/10-micro-linux')).toBeUndefined();
  });

  it('restricts a password to the console on request', () => {
    const identity = { ...IDENTITY, sshPassword: false };
    const path = '/etc/upper/ssh/sshd_config.d/10-micro-linux.conf';
    expect(file(identity, path)?.content).toContain('PasswordAuthentication no');
    expect(file(identity, '/etc/upper/shadow')?.content).toContain('\nmicro:$6$salt$hash:');
    expect(file(identity, '/etc/upper/sudoers.d/10-micro-linux')).toBeUndefined();
  });

  it.each([true, false])(
    'lets root log in by no way, with passwords for others: %s',
    (password) => {
      const path = '/etc/upper/ssh/sshd_config.d/10-micro-linux.conf';
      const text = file({ ...IDENTITY, sshPassword: password }, path)?.content ?? '';
      // If an option is repeated, the first value counts: sshd_config(5).
      expect(text.match(/^\s*PermitRootLogin\b.*$/gim)).toEqual(['PermitRootLogin no']);
    },
  );

  it('gives the user the keys, readable by the user only', () => {
    const identity = { ...IDENTITY, sshKeys: ['ssh-ed25519 AAAA a@b'] };
    expect(file(identity, '/home/micro/.ssh/authorized_keys')).toMatchObject({
      mode: 0o600,
      uid: 1000,
      gid: 1000,
      content: 'ssh-ed25519 AAAA a@b\n',
    });
  });

  it('links a time zone, unless it is UTC', () => {
    const links = (timezone: string) =>
      dataTree({ ...IDENTITY, timezone }, ACCOUNTS).filter(({ kind }) => kind === 'link');
    expect(links('Etc/UTC')).toEqual([]);
    expect(links('Europe/Berlin')).toMatchObject([{ target: '/usr/share/zoneinfo/Europe/Berlin' }]);
  });
});
