import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MicroLinuxError } from '@micro-linux/core';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountsOf } from './accounts.ts';
import { loadConfig } from './load.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'users-'));
  await mkdir(join(folder, 'keys'));
  await writeFile(join(folder, 'keys/two.pub'), `# ours\n${KEYS[0]}\n\n${KEYS[1]}\n`);
  await writeFile(join(folder, 'keys/none.pub'), '# nothing\n');
  await writeFile(join(folder, 'keys/bad.pub'), `${KEYS[0]}\nsecret words\n`);
  await writeFile(join(folder, 'ops.sudoers'), 'alice ALL=(root) /usr/bin/id');
  await writeFile(join(folder, 'binary.sudoers'), 'a\0b');
});
afterAll(() => rm(folder, { recursive: true }));

const load = (value: object) =>
  loadConfig({ text: JSON.stringify(value), env: {}, flags: [], cwd: folder });

/** What is wrong with a config, as `path: problem`. */
async function problems(value: object): Promise<string> {
  const error: unknown = await load(value).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof MicroLinuxError ? `${error.message}\n${error.why ?? ''}` : String(error);
}

const ALICE = { name: 'alice', id: 2001 };

describe('a user', () => {
  it('has a home, a shell and its own group, and no rights', async () => {
    const { users } = await load({ users: [{ ...ALICE, sshKeys: [KEYS[0]] }] });
    expect(users).toEqual([
      {
        ...{ name: 'alice', id: 2001, system: false, comment: '', group: undefined, groups: [] },
        ...{ shell: '/bin/bash', home: '/home/alice', sshKeys: [KEYS[0]] },
        ...{ passwordHash: undefined, changePassword: false, sudo: { kind: 'none' } },
      },
    ]);
  });

  it('of the system has neither home nor shell', async () => {
    const { users } = await load({ users: [{ name: 'gateway', id: 400, system: true }] });
    expect(users).toMatchObject([{ home: undefined, shell: '/usr/sbin/nologin' }]);
  });

  it('gets the keys and rules in the files it names', async () => {
    const { user, users } = await load({
      user: { sshKeys: ['keys/two.pub', KEYS[0]] },
      users: [{ ...ALICE, sshKeys: ['keys/two.pub'], sudo: './ops.sudoers' }],
    });
    expect(user.sshKeys).toEqual(KEYS);
    expect(users).toMatchObject([
      {
        sshKeys: KEYS,
        sudo: {
          kind: 'file',
          path: join(folder, 'ops.sudoers'),
          text: 'alice ALL=(root) /usr/bin/id\n',
        },
      },
    ]);
  });

  it.each<readonly [given: object, problem: RegExp]>([
    [{ id: 1000 }, /1000 is not a number for a user who logs in/],
    [{ id: 60_001 }, /60001 is not a number/],
    [{ id: 450 }, /450 is not a number for a user who logs in/],
    [{ id: 2001, system: true }, /2001 is not a number for a system user/],
    [{ id: 350, system: true }, /350 is not a number for a system user/],
    [{ id: undefined }, /users\[0\]\.id: is missing/],
    [{ name: 'root' }, /belongs to the system/],
    [{ name: 'mysql' }, /keeps for the system/],
    [{ name: 'systemd-x', id: 400, system: true }, /belongs to the system/],
    [{ name: 'Alice' }, /is not the name of a user/],
    [{ name: 'a:b' }, /is not the name of a user/],
    [{ comment: 'a:b' }, /colon/],
    [{ comment: 'a\nb' }, /control character/],
    [{ shell: 'bash' }, /is not the path of a program/],
    [{ home: '/srv/x' }, /only directories below \/home and \/var\/lib/],
    [{ home: '/home/../etc' }, /cannot be a home/],
    [{ home: '/home/a b' }, /cannot be a home/],
    [{ home: '/home/%h' }, /cannot be a home/],
    [{ groups: ['sudo'] }, /the group sudo allows "alice" everything/],
    [{ groups: ['a:b'] }, /is not the name of a group/],
    [{ group: 'video' }, /is not a group of the config/],
    [{ password: 'hunter2' }, /looks like a plain password.*value not shown/],
    [{ password: 'generate' }, /only user\.password can be/],
    [{ changePassword: true }, /the user has none/],
    [{ sudo: 'password' }, /asks for a password, and the user has none/],
    [{ sudo: 'yes' }, /is not a rule for sudo/],
    [{ sudo: './missing.sudoers' }, /names a file that cannot be read/],
    [{ sudo: './binary.sudoers' }, /is not a file with rules/],
    [{ sudo: './keys' }, /is not a file with rules/],
    [{ sshKeys: ['keys/missing.pub'] }, /sshKeys\[0\]: names a file that cannot be read/],
    [{ sshKeys: ['keys/none.pub'] }, /has no key/],
    [{ sshKeys: ['keys/bad.pub'] }, /a line that does not begin with a key type/],
    [{ sshKeys: ['-----BEGIN OPENSSH PRIVATE KEY-----'] }, /is a private key/],
    [{ id: 400, system: true, sshKeys: [KEYS[0]] }, /is for a service/],
    [{ id: 400, system: true, password: HASHES[0] }, /is for a service/],
    [{ keys: [] }, /is not a known key/],
  ])('is refused with %j', async (given, problem) => {
    expect(await problems({ users: [{ ...ALICE, ...given }] })).toMatch(problem);
  });

  it('is reported with the line of its key, and without what may be a secret', async () => {
    const text = 'users:\n  - name: alice\n    id: 2001\n    password: hunter2\n';
    const error = await loadConfig({ text, env: {}, flags: [], cwd: folder }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      message: expect.stringMatching(/^micro-linux\.yaml:4:15: users\[0\]\.password: /),
    });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});

describe('accounts', () => {
  it.each<readonly [given: object, problem: RegExp]>([
    [{ users: [ALICE, { ...ALICE, id: 2002 }] }, /users\[1\]\.name: "alice" is used twice/],
    [
      { users: [ALICE, { name: 'bob', id: 2001 }] },
      /users\[1\]\.id: 2001 is the number of "alice"/,
    ],
    [{ users: [{ name: 'micro', id: 2001 }] }, /users\[0\]\.name: "micro" is used twice/],
    [{ users: [ALICE], groups: [ALICE] }, /groups\[0\]\.name: "alice" is used twice/],
    [{ users: [ALICE], groups: [{ name: 'ops', id: 2001 }] }, /2001 is the number of "alice"/],
    [{ groups: [{ name: 'ops', id: 100 }] }, /100 is not a number for a group/],
    [{ groups: [{ name: 'dialout', id: 2100 }] }, /belongs to the system/],
    [
      { users: [ALICE, { name: 'bob', id: 2002, home: '/home/alice' }] },
      /users\[1\]\.home: "\/home\/alice" is the home of "alice" too/,
    ],
    [
      { users: [ALICE], packages: { remove: ['sudo'] }, user: { sudo: 'nopasswd' } },
      /packages\.remove leaves sudo out/,
    ],
    [{ user: { password: 'disabled', sshKeys: [KEYS[0]], sudo: 'password' } }, /user\.sudo: asks/],
  ])('are refused: %j', async (given, problem) => {
    expect(await problems(given)).toMatch(problem);
  });

  it('may have the number of a group that no user has as its own', async () => {
    const groups = [{ name: 'ops', id: 2001 }];
    const config = await load({ groups, users: [{ ...ALICE, group: 'ops' }] });
    expect(accountsOf(config)).toEqual({
      users: [
        { name: 'micro', id: 1000, groupId: 1000 },
        { name: 'alice', id: 2001, groupId: 2001 },
      ],
      groups: [{ name: 'micro', id: 1000 }, ...groups],
    });
  });

  it('keep their numbers when others are added or removed', async () => {
    const all = [
      { name: 'one', id: 2005 },
      { name: 'two', id: 400, system: true },
      { name: 'three', id: 1001 },
    ];
    const numbers = async (users: readonly object[]) => {
      const accounts = accountsOf(await load({ users }));
      return new Map(accounts.users.map(({ name, id }) => [name, id]));
    };
    const known = await numbers(all);
    for (const one of all) {
      for (const [name, id] of await numbers(all.filter((other) => other !== one))) {
        expect(id).toBe(known.get(name));
      }
    }
  });
});
