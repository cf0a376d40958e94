import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { findTool, toolPath } from '../../host/tool-path.ts';
import { users } from './users.ts';

const config = (value: object) => loadConfig({ text: JSON.stringify(value), env: {}, flags: [] });
const entriesOf = async (value: object) => users(await config(value)).entries ?? [];

function textOf(entries: readonly TreeEntry[], path: string): string {
  const entry = entries.find((one) => one.path === path);
  return entry?.kind === 'file' && typeof entry.content === 'string' ? entry.content : '';
}

const ALICE = { name: 'alice', id: 2001, sshKeys: [KEYS[0]] };
const GATEWAY = { name: 'gateway', id: 400, system: true, home: '/var/lib/gateway' };
const TMPFILES = '/usr/lib/tmpfiles.d/micro-linux-users.conf';
const RULES = '/etc/sudoers.d';

describe('users of the config', () => {
  it('add nothing if there are none', async () => {
    expect(users(await config({}))).toEqual({ entries: [] });
  });

  it('have keys that only root can read, and that sshd finds', async () => {
    const entries = await entriesOf({ users: [ALICE] });
    expect(entries).toContainEqual({
      kind: 'file',
      path: '/usr/lib/micro-linux/authorized_keys/alice',
      mode: 0o600,
      content: `${KEYS[0]}\n`,
    });
    expect(entries).toContainEqual({
      kind: 'directory',
      path: '/usr/lib/micro-linux/authorized_keys',
      mode: 0o700,
    });
    expect(textOf(entries, '/etc/ssh/sshd_config.d/20-micro-linux-users.conf')).toMatch(
      /^AuthorizedKeysFile \.ssh\/authorized_keys .* \/run\/micro-linux\/authorized_keys\/%u\n$/,
    );
  });

  it('are in the summary without keys and hashes', async () => {
    const { summary } = users(
      await config({
        users: [{ ...ALICE, password: HASHES[0] }],
        groups: [{ name: 'ops', id: 450 }],
      }),
    );
    expect(summary).toEqual({
      users: [{ name: 'alice', id: 2001, system: false, sshKeys: 1, sudo: 'none' }],
      groups: [{ name: 'ops', id: 450 }],
    });
  });

  it('do not put a password into the slot', async () => {
    const entries = await entriesOf({ users: [{ ...ALICE, password: HASHES[0] }] });
    expect(JSON.stringify(entries)).toContain('alice');
    expect(JSON.stringify(entries)).not.toContain(HASHES[0]);
  });
});

describe('homes and keys by systemd-tmpfiles', async () => {
  const program = await findTool('systemd-tmpfiles', toolPath(process.env['PATH']));
  const why = program === undefined ? 'systemd-tmpfiles is missing' : 'only root can set owners';

  it.skipIf(program === undefined || process.getuid?.() !== 0)(
    `belong to the user, and a mode that the user changed stays (${why})`,
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'users-tmpfiles-'));
      onTestFinished(() => rm(root, { recursive: true }));
      for (const entry of await entriesOf({ users: [ALICE, GATEWAY] })) {
        if (entry.kind === 'file' && typeof entry.content === 'string') {
          await mkdir(dirname(join(root, entry.path)), { recursive: true });
          await writeFile(join(root, entry.path), entry.content, { mode: entry.mode ?? 0o644 });
        }
      }
      // A number other than that of the config, as on a device where it was taken.
      await writeFile(
        join(root, 'etc/passwd'),
        'root:x:0:0::/root:/bin/sh\nalice:x:3001:3002::/home/alice:/bin/sh\ngateway:x:400:400::/:/bin/sh\n',
      );
      await writeFile(join(root, 'etc/group'), 'root:x:0:\nalice:x:3002:\ngateway:x:400:\n');
      const create = () =>
        run('systemd-tmpfiles', ['--create', `--root=${root}`, join(root, TMPFILES)]);
      const about = async (path: string) => {
        const { uid, gid, mode } = await lstat(join(root, path));
        return [uid, gid, (mode & 0o7777).toString(8)];
      };
      await create();
      expect(await about('home/alice')).toEqual([3001, 3002, '750']);
      expect(await about('var/lib/gateway')).toEqual([400, 400, '750']);
      expect(await about('run/micro-linux/authorized_keys/alice')).toEqual([3001, 0, '400']);
      expect(await readFile(join(root, 'run/micro-linux/authorized_keys/alice'), 'utf8')).toBe(
        `${KEYS[0]}\n`,
      );
      await chmod(join(root, 'home/alice'), 0o700);
      await create();
      expect((await stat(join(root, 'home/alice'))).mode & 0o7777).toBe(0o700);
    },
  );
});

describe('rules for sudo', async () => {
  const bob = { name: 'bob', id: 2002, password: HASHES[0] };

  it('come after those of a new device if they are about the first user', async () => {
    const first = async (sudo: string) =>
      textOf(await entriesOf({ user: { sudo } }), `${RULES}/90-micro-linux-first-user`);
    expect(await first('none')).toBe('micro ALL=(ALL:ALL) !ALL\n');
    expect(await first('password')).toBe('micro ALL=(ALL:ALL) PASSWD: ALL\n');
    expect(await first('nopasswd')).toBe('micro ALL=(ALL:ALL) NOPASSWD: ALL\n');
  });

  it('have the mode that sudo asks for', async () => {
    const entries = await entriesOf({ users: [{ ...ALICE, sudo: 'nopasswd' }] });
    expect(entries).toContainEqual({
      kind: 'file',
      path: `${RULES}/50-micro-linux-alice`,
      mode: 0o440,
      content: 'alice ALL=(ALL:ALL) NOPASSWD: ALL\n',
    });
  });

  it('allow the first user only what is in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'users-sudo-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'rules');
    await writeFile(file, 'micro ALL=(root) /usr/bin/id');
    expect(
      textOf(await entriesOf({ user: { sudo: file } }), `${RULES}/90-micro-linux-first-user`),
    ).toBe('micro ALL=(ALL:ALL) !ALL\nmicro ALL=(root) /usr/bin/id\n');
  });

  const visudo = await findTool('visudo', toolPath(process.env['PATH']));
  it.skipIf(visudo === undefined)('are accepted by visudo', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'users-visudo-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const sudo of ['none', 'password', 'nopasswd']) {
      const entries = await entriesOf({ user: { sudo }, users: [{ ...bob, sudo }] });
      const rules = entries.filter(({ path }) => path.startsWith(RULES));
      expect(rules).toHaveLength(sudo === 'none' ? 1 : 2);
      for (const { path } of rules) {
        const file = join(folder, 'rules');
        await writeFile(file, textOf(entries, path));
        await run(visudo ?? '', ['--check', '--strict', `--file=${file}`]);
      }
    }
  });
});
