import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAccountName } from '../../config/account-name.ts';
import {
  addSystemAccounts,
  dropUnusedAccounts,
  SYSTEM_ACCOUNTS,
  type SystemAccount,
} from './system-accounts.ts';

const ACCOUNTS: readonly SystemAccount[] = [
  { name: 'daemon-a', id: 300, user: { comment: "A's", home: '/', shell: '/bin/false' } },
  {
    name: 'daemon-b',
    id: 301,
    user: { comment: '', home: '/run/b', shell: '/bin/false', gid: 65534 },
  },
  { name: '_group', id: 302 },
];

describe('the table', () => {
  it('uses no name or number twice', () => {
    const names = SYSTEM_ACCOUNTS.map(({ name }) => name);
    const ids = SYSTEM_ACCOUNTS.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stays out of the ranges of adduser and systemd-sysusers', () => {
    for (const { id } of SYSTEM_ACCOUNTS) {
      expect(id).toBeGreaterThanOrEqual(300);
      expect(id).toBeLessThan(400);
    }
  });

  it('never changes a number: devices in the field use them', () => {
    expect(SYSTEM_ACCOUNTS.map(({ id, name }) => `${id} ${name}`)).toMatchInlineSnapshot(`
      [
        "300 systemd-journal",
        "301 systemd-network",
        "302 systemd-resolve",
        "303 systemd-timesync",
        "304 input",
        "305 sgx",
        "306 kvm",
        "307 render",
        "308 clock",
        "310 messagebus",
        "311 sshd",
        "312 _ssh",
        "313 dhcpcd",
        "314 polkitd",
        "315 tss",
        "320 systemd-oom",
        "321 systemd-coredump",
        "322 systemd-journal-remote",
        "323 tcpdump",
        "324 uuidd",
        "325 _chrony",
      ]
    `);
  });
});

it('uses no name that a config can use', () => {
  const accepted = SYSTEM_ACCOUNTS.filter(({ name }) => checkAccountName(name) === undefined);
  expect(accepted).toEqual([]);
});

describe('the hooks', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'micro-linux-accounts-'));
    await mkdir(join(root, 'etc'));
    await mkdir(join(root, 'var/lib/dpkg/info'), { recursive: true });
    await mkdir(join(root, 'usr/lib/sysusers.d'), { recursive: true });
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n');
    await writeFile(join(root, 'etc/group'), 'root:x:0:\n');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const hook = (text: string) => run('sh', ['-c', text, 'hook', root], { cwd: root });
  const etc = (name: string) => readFile(join(root, 'etc', name), 'utf8');

  it('add locked users, with groups unless the package has none', async () => {
    await hook(addSystemAccounts(ACCOUNTS));
    expect(await etc('passwd')).toBe(
      "root:x:0:0:root:/root:/bin/bash\ndaemon-a:!*:300:300:A's:/:/bin/false\n" +
        'daemon-b:!*:301:65534::/run/b:/bin/false\n',
    );
    expect(await etc('group')).toBe('root:x:0:\ndaemon-a:!*:300:\n_group:!*:302:\n');
  });

  it('remove exactly those that no maintainer script or sysusers file names', async () => {
    await hook(addSystemAccounts(ACCOUNTS));
    await writeFile(join(root, 'etc/shadow'), 'root:*:1::::::\ndaemon-b:!*:1::::::\n');
    await writeFile(join(root, 'etc/gshadow'), 'root:*::\n_group:!*::\n');
    await writeFile(join(root, 'var/lib/dpkg/info/b.postinst'), 'addgroup --system _group\n');
    await writeFile(join(root, 'var/lib/dpkg/info/b.preinst'), 'echo daemon-bb\n');
    await writeFile(join(root, 'usr/lib/sysusers.d/a.conf'), 'u daemon-a - "A"\n');
    await hook(dropUnusedAccounts(ACCOUNTS));
    expect(await etc('passwd')).toMatch(/^root:.*\ndaemon-a:.*\n$/);
    expect(await etc('shadow')).toBe('root:*:1::::::\n');
    expect(await etc('group')).toMatch(/^root:.*\ndaemon-a:.*\n_group:.*\n$/);
    expect(await etc('gshadow')).toBe('root:*::\n_group:!*::\n');
  });

  it('keep an account that a package names in the middle of a line', async () => {
    await hook(addSystemAccounts(ACCOUNTS));
    await writeFile(join(root, 'etc/shadow'), '');
    await writeFile(join(root, 'etc/gshadow'), '');
    await writeFile(join(root, 'var/lib/dpkg/info/b.postinst'), 'chown daemon-b:_group /run/b\n');
    await writeFile(join(root, 'var/lib/dpkg/info/a.preinst'), '');
    await hook(dropUnusedAccounts(ACCOUNTS));
    expect(await etc('passwd')).toContain('daemon-b:');
    expect(await etc('passwd')).not.toContain('daemon-a:');
  });
});
