import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { addUser, setPasswords } from '@micro-linux/provision';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { findTool, toolPath } from '../../host/tool-path.ts';
import { earlyAccounts } from '../rootfs/early-accounts.ts';
import { addImageAccounts } from './image-accounts.ts';

const IMAGE = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nmosquitto:x:110:115::/var/lib/mosquitto:/bin/false\n',
  group: 'root:x:0:\ndialout:x:20:\nshadow:x:42:\nmosquitto:x:115:\n',
  shadow: 'root:*:20000:0:99999:7:::\nmosquitto:!:20000::::::\n',
  gshadow: 'root:*::\ndialout:*::\nshadow:*::\nmosquitto:!::\n',
};
const CONFIG = {
  groups: [
    { name: 'operators', id: 2100 },
    { name: 'sensors', id: 450 },
  ],
  users: [
    { name: 'alice', id: 2001, comment: 'Alice A.', groups: ['dialout', 'sensors'] },
    { name: 'bob', id: 2002, group: 'operators', password: HASHES[0], sshKeys: [KEYS[0]] },
    { name: 'gateway', id: 410, system: true },
  ],
};
const config = (value: object = CONFIG) =>
  loadConfig({ text: JSON.stringify(value), env: {}, flags: [] });
const added = async (value?: object) => addImageAccounts(IMAGE, await config(value));

describe('the accounts of an image', () => {
  it('get those of the config: locked, with fixed numbers, without the first user', async () => {
    const files = await added();
    expect(files.passwd).toBe(
      `${IMAGE.passwd}alice:x:2001:2001:Alice A.:/home/alice:/bin/bash\n` +
        'bob:x:2002:2100::/home/bob:/bin/bash\n' +
        'gateway:x:410:410::/nonexistent:/usr/sbin/nologin\n',
    );
    expect(files.group).toBe(
      'root:x:0:\ndialout:x:20:alice\nshadow:x:42:\nmosquitto:x:115:\n' +
        'alice:x:2001:\ngateway:x:410:\noperators:x:2100:\nsensors:x:450:alice\n',
    );
    expect(files.shadow).toBe(
      `${IMAGE.shadow}alice:!:1:0:99999:7:::\nbob:!:1:0:99999:7:::\ngateway:!:1:0:99999:7:::\n`,
    );
    expect(files.gshadow).toContain('\nsensors:!::alice\n');
  });

  it('stay as they are if the config has none', async () => {
    expect(await added({})).toEqual(IMAGE);
  });

  it('keep one that was made before its package, and add its groups', async () => {
    const value = {
      users: [{ name: 'mosquitto', id: 410, system: true, groups: ['dialout'] }],
    };
    const early = {
      ...IMAGE,
      passwd: IMAGE.passwd.replace('110:115', '410:410'),
      group: IMAGE.group.replace('115', '410'),
    };
    const files = addImageAccounts(early, await config(value));
    expect(files.passwd).toBe(early.passwd);
    expect(files.group).toBe(early.group.replace('dialout:x:20:', 'dialout:x:20:mosquitto'));
  });

  it.each<readonly [value: object, problem: RegExp]>([
    [
      { users: [{ name: 'mosquitto', id: 2001 }] },
      /already has the group mosquitto with the number 115/,
    ],
    [
      { groups: [{ name: 'mosquitto', id: 2001 }] },
      /already has the group mosquitto with the number 115/,
    ],
    [{ users: [{ name: 'a', id: 2001, groups: ['docker'] }] }, /a is to be in the group docker/],
  ])('are not changed: %j', async (value, problem) => {
    await expect(added(value)).rejects.toThrow(problem);
  });

  it('are not given a number that another account has', async () => {
    const files = { ...IMAGE, passwd: `${IMAGE.passwd}other:x:2001:100::/:/bin/false\n` };
    const value = await config({ users: [{ name: 'alice', id: 2001 }] });
    expect(() => addImageAccounts(files, value)).toThrow(
      /already has the user other with the number 2001/,
    );
  });
});

it('creates system accounts before the packages, and no others', async () => {
  expect(earlyAccounts(await config())).toEqual([
    { name: 'sensors', id: 450 },
    {
      ...{ name: 'gateway', id: 410 },
      user: { comment: '', home: '/nonexistent', shell: '/usr/sbin/nologin' },
    },
  ]);
  const grouped = { groups: [{ name: 'ops', id: 2100 }] };
  const users = [{ name: 'gateway', id: 410, system: true, group: 'ops' }];
  expect(earlyAccounts(await config({ ...grouped, users }))).toMatchObject([
    { name: 'gateway', user: { gid: 2100 } },
  ]);
});

const path = toolPath(process.env['PATH']);
const pwck = await findTool('pwck', path);
const grpck = await findTool('grpck', path);

it.skipIf(pwck === undefined || grpck === undefined)(
  'makes account files that pwck and grpck find nothing wrong with',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'image-accounts-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = (name: string) => join(folder, name);
    const check = async (files: typeof IMAGE) => {
      // Homes and shells are not those of this host.
      const local = (line: string) =>
        line.replace(/:[^:]*:[^:]*$/, line === '' ? '' : `:${folder}:/bin/sh`);
      await writeFile(file('passwd'), files.passwd.split('\n').map(local).join('\n'));
      await writeFile(file('shadow'), files.shadow, { mode: 0o600 });
      await writeFile(file('group'), files.group);
      await writeFile(file('gshadow'), files.gshadow, { mode: 0o600 });
      // Both look up users and groups on this host.
      const elsewhere = /^$|: no (?:group \d+|user [a-z]+)$|^delete member|: no changes$/;
      for (const [program, names] of [
        [pwck, ['passwd', 'shadow']],
        [grpck, ['group', 'gshadow']],
      ] as const) {
        const { stdout, stderr } = await run(program ?? '', ['--read-only', ...names.map(file)], {
          okExitCodes: [0, 2],
        });
        expect(`${stdout}${stderr}`.split('\n').filter((line) => !elsewhere.test(line))).toEqual(
          [],
        );
      }
    };
    const slot = await added();
    await check(slot);
    const user = { name: 'micro', passwordHash: '!', shell: '/bin/bash', groups: ['dialout'] };
    const passwords = [{ name: 'bob', hash: HASHES[0], mustChange: true }];
    await check(addUser(setPasswords(slot, passwords), user));
    await expect(check({ ...slot, passwd: `${slot.passwd}x:x:1\n` })).rejects.toThrow();
  },
);
