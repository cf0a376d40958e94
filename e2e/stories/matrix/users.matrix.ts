import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, run } from '@micro-linux/core';
import { readCredentials } from 'micro-linux/vm/credentials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinuxJson } from '../../harness/cli/micro-linux.ts';
import { whySkipped } from '../../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../../harness/cli/scratch.ts';
import { apply } from '../../harness/device/agent.ts';
import { Device } from '../../harness/device/device.ts';
import { storyConfig } from '../../harness/device/story-config.ts';

const skipped = await whySkipped('users of the config');

const PEOPLE = ['alice', 'bob', 'dora'] as const;
const OLD = 'first-secret-1';
const NEW = 'second-secret-2';

/** The accounts of the first version, of which the update adds one and removes another. */
const users = (hash: string) => ({
  alice: {
    ...{ name: 'alice', id: 2001, sshKeys: ['alice.pub'], sudo: 'nopasswd' },
    ...{ comment: 'Alice A.', groups: ['operators', 'dialout'] },
  },
  bob: {
    ...{ name: 'bob', id: 2002, group: 'operators', sshKeys: ['bob.pub'], sudo: './bob.sudoers' },
    ...{ password: hash, changePassword: true },
  },
  dora: { name: 'dora', id: 2003, sshKeys: ['dora.pub'] },
  gateway: { name: 'gateway', id: 410, system: true, home: '/var/lib/gateway' },
});

/** Changes a password as a person would, at each prompt of passwd(1), which sshd starts. */
const CHANGE = `
cd /tmp && mkfifo answers
ssh -tt $OPTIONS -i bob bob@localhost <answers >prompts 2>&1 &
exec 3>answers
answer() {
	until grep -q "$1" prompts; do sleep 1; kill -0 $! || exit 1; done
	printf '%s\\n' "$2" >&3
}
answer 'Current password' ${OLD}
answer 'New password' ${NEW}
answer 'Retype new password' ${NEW}
wait
grep -q 'updated successfully' prompts
`;

describe.skipIf(skipped !== undefined)('users of the config', () => {
  let scratch: string;
  let device: Device;

  beforeAll(async () => {
    scratch = await makeScratch('users');
    const at = (name: string) => join(scratch, name);
    for (const name of ['id', ...PEOPLE]) {
      await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
    }
    await writeFile(at('bob.sudoers'), 'bob ALL=(root) NOPASSWD: /usr/bin/id\n');
    await microLinuxJson(['keygen', at('keys/signing.pem')]);
    const { stdout } = await run('openssl', ['passwd', '-6', '-stdin'], { input: OLD });
    const { alice, bob, dora, gateway } = users(stdout.trim());
    const sshKey = (await readFile(at('id.pub'), 'utf8')).trim();
    const build = async (version: string, kind: string, accounts: readonly object[]) => {
      const config = JSON.parse(storyConfig({ version }, sshKey));
      const groups = [{ name: 'operators', id: 2100 }];
      const file = at(`${version}.yaml`);
      await writeFile(file, JSON.stringify({ ...config, groups, users: accounts }));
      await microLinuxJson([kind, '--config', file, '--artifacts', at(version)]);
    };
    await build('1.0.0', 'qcow2', [alice, bob, gateway]);
    await build('2.0.0', 'update', [bob, dora, gateway]);
    await mkdir(at('media'));
    const update = await realpath(at('2.0.0/micro-linux-bookworm.update.img'));
    await rename(update, at('media/v2.img'));
    await run('mke2fs', ['-q', '-t', 'ext4', '-d', at('media'), at('media.img'), '512M']);
    const { user, password } = await readCredentials(at('1.0.0/credentials.txt'));
    const login = { user, password, identity: at('id') };
    device = await Device.on({
      stages: { directory: scratch, media: at('media.img'), login, devices: {} },
      name: 'users',
      logDirectory: at('logs'),
      firmware: { kind: 'bios' },
      disk: at('1.0.0/micro-linux-bookworm.qcow2'),
    });
    await device.powerOn();
    await device.comesUp();
    for (const name of PEOPLE) {
      const input = await readFile(at(name), 'utf8');
      await device.shell(`umask 077 && cat >/tmp/${name}`, { input });
    }
  });
  afterAll(async () => {
    await device?.dispose();
    await removeScratch(scratch);
  });

  const OPTIONS =
    '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o IdentitiesOnly=yes';
  /** What a login with the person's key gives, errors included. */
  const as = async (name: (typeof PEOPLE)[number], command: string) =>
    (
      await device.shell(
        `cd /tmp && ssh ${OPTIONS} -o BatchMode=yes -i ${name} ${name}@localhost '${command}' 2>&1`,
      )
    ).stdout;
  const says = async (command: string) => (await device.root(command)).stdout;

  it('log in with their keys, and may do what their rules allow', async () => {
    expect(await as('alice', 'id -nG; stat -c "%U %a" ~; sudo -n id -u')).toBe(
      'alice dialout operators\nalice 750\n0\n',
    );
    expect(await as('alice', 'cat /run/micro-linux/authorized_keys/bob')).toContain('denied');
    expect(await says('stat -c "%U %G %a" /home/bob /var/lib/gateway')).toBe(
      'bob operators 750\ngateway gateway 750\n',
    );
  });

  it('have account files and rules that the image’s own tools accept', async () => {
    // Homes that are missing on any Debian system: only complaints about our accounts count.
    const complaints = await says('pwck -r | grep -e alice -e bob -e gateway; grpck -r 2>&1');
    expect(complaints).toBe('');
    expect(await says('visudo --check')).toContain('parsed OK');
    expect(await says('sshd -T')).toMatch(
      /^authorizedkeysfile .*\/run\/micro-linux\/authorized_keys\/%u$/m,
    );
    expect(await says('systemctl --failed --plain --no-legend')).toBe('');
  });

  it('must change a password before anything else, and can', async () => {
    expect(await as('bob', 'id')).toContain('Password change required but no TTY available');
    const changed = await device.shell(`OPTIONS='${OPTIONS}'; ${CHANGE}`);
    expect(changed.exitCode, await says('cat /tmp/prompts')).toBe(0);
    expect(await as('bob', 'id -ng; sudo -n id -u; sudo -n true')).toMatch(
      /^operators\n0\nsudo: a password is required\n$/,
    );
  });

  it('arrive with an update, and lose their keys and rules with one', async () => {
    await device.root('mkdir -p /run/media && mount -o ro /dev/vdb /run/media');
    const applied = await apply(device, '/run/media/v2.img');
    expect(applied, applied.stderr).toMatchObject({ exitCode: ExitCode.rebootNeeded });
    const shadow = await says('grep ^bob: /etc/shadow');
    await device.reboot();
    await device.chooses('B trial');
    await device.comesUp();
    for (const name of PEOPLE) {
      const input = await readFile(join(scratch, name), 'utf8');
      await device.shell(`umask 077 && cat >/tmp/${name}`, { input });
    }
    expect(await as('dora', 'id -u; stat -c "%U %a" ~')).toBe('2003\ndora 750\n');
    expect(await says('grep ^dora: /etc/shadow')).toMatch(/^dora:!:1:/);
    expect(await as('bob', 'sudo -n id -u')).toBe('0\n');
    expect(await says('grep ^bob: /etc/shadow')).toBe(shadow);
    expect(await as('alice', 'id')).toContain('Permission denied');
    expect(await says('id -nG alice')).toBe('alice dialout operators\n');
    expect(await says('sudo -l -U alice')).toContain('not allowed to run sudo');
    expect(await says('ota-agent status')).toMatch(/confirmed/i);
  });
});
