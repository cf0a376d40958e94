import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MicroLinuxError, run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfigFile } from '../../config/load.ts';
import { TEST_TRUST } from '../../jobs/build/testing.ts';
import { staticOverlay } from '../slot/slot-overlay.ts';
import { gatherImageFiles } from './gather-image-files.ts';
import { ownPaths } from './own-paths.ts';

const OVERLAY = await staticOverlay(join(import.meta.dirname, '../../../../..'));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'image-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a file with a mode that does not depend on the umask. */
async function plant(path: string, content = '', mode = 0o644): Promise<string> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, content);
  await chmod(place, mode);
  return place;
}

async function gather(text: string) {
  const { config, whereIs } = await loadConfigFile({
    ...{ text: `profile: bookworm\n${text}`, env: {}, flags: [], cwd: folder },
  });
  const own = ownPaths(config, TEST_TRUST, OVERLAY);
  return gatherImageFiles(config, own, whereIs);
}

/** The message and reasons of the error, without the temporary folder. */
async function refused(text: string): Promise<string> {
  const error: unknown = await gather(text).then(
    (files) => new Error(`accepted: ${JSON.stringify(files.slot)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MicroLinuxError)) {
    throw error;
  }
  expect(error).toMatchObject({ code: 'files-refused', exitCode: 2 });
  return [error.message, error.why, error.hint].join('\n').replaceAll(`${folder}/`, '');
}

describe('a folder laid over the root', () => {
  it('keeps modes, links and the names of owners', async () => {
    await plant('overlay/opt/app/run', '#!/bin/sh\n', 0o755);
    await plant('overlay/opt/app/secret', 'x', 0o640);
    await symlink('run', join(folder, 'overlay/opt/app/start'));
    await chmod(join(folder, 'overlay/opt/app'), 0o2755);
    const { slot } = await gather("overlay: overlay\nowners: {'/opt/app/s*': 'app:www-data'}");
    expect(slot.map(({ from: _, ...file }) => file)).toMatchObject([
      { kind: 'directory', path: '/opt' },
      { kind: 'directory', path: '/opt/app', mode: 0o755 },
      { kind: 'file', path: '/opt/app/run', mode: 0o755 },
      { kind: 'file', path: '/opt/app/secret', mode: 0o640, owner: 'app:www-data' },
      { kind: 'link', path: '/opt/app/start', target: 'run', owner: 'app:www-data' },
    ]);
  });

  it('can be several: a later one wins, and `files` win over all', async () => {
    await plant('a/etc/x', 'a');
    await plant('b/etc/x', 'b');
    await plant('b/etc/y', 'b');
    const { slot } = await gather(
      'overlay: [a, b]\nfiles: [{path: /etc/y, content: c, mode: "0600"}]',
    );
    expect(slot.slice(1)).toMatchObject([
      { path: '/etc/x', content: { from: join(folder, 'b/etc/x') } },
      { path: '/etc/y', content: 'c', mode: 0o600 },
    ]);
  });

  it('may use the links of the merged /usr, or contain them', async () => {
    await plant('a/lib/systemd/system/app.service');
    await plant('b/usr/bin/app', '', 0o755);
    await symlink('usr/bin', join(folder, 'b/bin'));
    const { slot } = await gather('overlay: [a, b]\nfiles: [{path: /sbin/x, content: ""}]');
    expect(slot.filter(({ kind }) => kind !== 'directory').map(({ path }) => path)).toEqual([
      '/usr/lib/systemd/system/app.service',
      '/usr/bin/app',
      '/usr/sbin/x',
    ]);
    await symlink('elsewhere', join(folder, 'b/lib'));
    expect(await refused('overlay: b')).toContain('would replace /lib, a link to usr/lib');
  });

  it('leaves out placeholders, and nothing else', async () => {
    await plant('overlay/etc/app/.gitkeep');
    await plant('overlay/etc/app/.DS_Store');
    await plant('overlay/etc/app/.hidden');
    const { slot } = await gather('overlay: overlay');
    expect(slot.map(({ path }) => path)).toEqual(['/etc', '/etc/app', '/etc/app/.hidden']);
  });

  it('may have folders such as var that are empty', async () => {
    await plant('overlay/var/.gitkeep');
    await plant('overlay/etc/x');
    const { slot } = await gather('overlay: overlay');
    expect(slot.map(({ path }) => path)).toEqual(['/etc', '/etc/x']);
  });

  it.each([
    ['var/lib/app/db', 'is on the data partition'],
    ['home/ops/x', '`initial`'],
    ['root/.profile', '`initial`'],
    ['run/x', 'systemd-tmpfiles'],
    ['tmp/x', 'systemd-tmpfiles'],
    ['proc/x', 'belongs to the kernel'],
    ['sys/x', 'belongs to the kernel'],
    ['dev/x', 'belongs to the kernel'],
    ['data/x', 'is where the data partition is mounted'],
    ['boot/efi/x', 'is read by the boot loader'],
    ['boot/slot.cfg', 'is read by the boot loader'],
    ['etc/default/grub', 'has no effect'],
    ['etc/fstab', 'is written by the build'],
    ['etc/initramfs-tools/hooks/x', 'the initrd is made before'],
    ['usr/share/initramfs-tools/scripts/local-top/x', 'the initrd is made before'],
    ['usr/bin/ota-agent', 'is written by the build'],
    ['bin/ota-agent', 'is written by the build'],
    ['usr/lib/ota-agent/keys/mine.pem', 'would reject every update, or accept a wrong one'],
    ['etc/ota-agent/keys/mine.pem', 'would reject every update, or accept a wrong one'],
    ['etc/ota-agent/config.yaml', 'would reject every update, or accept a wrong one'],
    ['usr/lib/micro-linux/prepare-state', 'belongs to the build'],
    ['etc/systemd/system/ota-agent-health.service', 'would replace a unit'],
    ['usr/lib/systemd/system/micro-linux-grow-data.service', 'is written by the build'],
    ['etc/systemd/system/apt-daily.timer', 'is written by the build'],
    ['etc/hostname', 'hides it'],
    ['etc/passwd', 'hides it'],
    ['etc/shadow', 'hides it'],
    ['etc/machine-id', 'must differ between devices'],
    ['etc/ssh/ssh_host_ed25519_key', 'must differ between devices'],
  ])('cannot have %s', async (path, why) => {
    await plant(`overlay/${path}`);
    const text = await refused('overlay: overlay');
    expect(text).toContain(why);
    expect(text).toContain(`micro-linux.yaml:2:10: overlay/${path} (/`);
  });

  it.each([
    'etc/ota-agent/health.d/50-app',
    'usr/lib/ota-agent/health.d/50-app',
    'usr/lib/ota-agent/config.yaml.d/50-app.yaml',
    'etc/systemd/system/ota-agent-health.service.d/50-app.conf',
    'etc/systemd/system/app.service',
    'srv/www/index.html',
    'usr/local/bin/app',
    'boots/x',
    'variable/x',
  ])('can have %s', async (path) => {
    await plant(`overlay/${path}`);
    expect((await gather('overlay: overlay')).slot.at(-1)?.path).toBe(`/${path}`);
  });

  it('names a directory that cannot be there only if it is empty', async () => {
    await mkdir(join(folder, 'overlay/var/lib/app'), { recursive: true });
    expect(await refused('overlay: overlay')).toMatch(
      /^micro-linux.yaml:2:10: overlay\/var\/lib\/app /,
    );
  });

  it('cannot have what is neither file, folder nor link', async () => {
    await plant('overlay/etc/x');
    await run('mkfifo', [join(folder, 'overlay/etc/pipe')]);
    const server = createServer().listen(join(folder, 'overlay/etc/socket'));
    const text = await refused('overlay: overlay');
    await new Promise((resolve) => server.close(resolve));
    expect(text).toContain('overlay/etc/pipe is a named pipe');
    expect(text).toContain('overlay/etc/socket is a socket');
  });

  it.each([
    [0o4755, 'is setuid (mode 4755)'],
    [0o2755, 'is setgid (mode 2755)'],
    [0o666, 'can be changed by every user (mode 666)'],
  ])('has no file with mode %o unless it is named', async (mode, why) => {
    const source = await plant('overlay/usr/bin/tool', '', mode);
    expect(await refused('overlay: overlay')).toContain(`overlay/usr/bin/tool ${why}`);
    const named = `files: [{path: /usr/bin/tool, source: ${source}, mode: '0${mode.toString(8)}'}]`;
    const { slot } = await gather(
      `overlay: overlay\n${named.replace("'04", "'4").replace("'02", "'2")}`,
    );
    expect(slot.at(-1)).toMatchObject({ mode });
  });

  it.each([
    Buffer.from('a\nb'),
    Buffer.from('a\x1b[2J'),
    Buffer.from([0x61, 0xff]),
    Buffer.from('a\u0085'),
  ])('has no file with the name %j', async (name) => {
    await mkdir(join(folder, 'overlay/etc'), { recursive: true });
    await writeFile(Buffer.concat([Buffer.from(`${folder}/overlay/etc/`), name]), '');
    const text = await refused('overlay: overlay');
    expect(text).toContain('has a control character in its name, or is not UTF-8');
    expect(text).not.toContain('\u001b');
  });

  it('has no history of a repository', async () => {
    await plant('overlay/opt/app/.git', 'gitdir: ../..');
    expect(await refused('overlay: overlay')).toContain('would put the history of a repository');
  });

  it('does not contain the keys of the project', async () => {
    await plant('etc/x');
    expect(await refused('overlay: .')).toContain('contains keys/development.pem');
  });

  it('must be there, and be a folder', async () => {
    await plant('file');
    expect(await refused('overlay: [gone, file]')).toMatch(
      /micro-linux\.yaml:2:11: gone does not exist[\s\S]*micro-linux\.yaml:2:17: file is not a folder/,
    );
  });
});

it('a file in the place of a directory is refused, and one below a link', async () => {
  await plant('a/opt/x/y');
  await plant('b/opt/x');
  await mkdir(join(folder, 'c/opt'), { recursive: true });
  await symlink('/etc', join(folder, 'c/opt/x'));
  expect(await refused('overlay: [a, b]')).toContain(
    'b/opt/x is a file, and a/opt/x is a directory',
  );
  expect(await refused('overlay: [a, c]')).toContain(
    'c/opt/x is a link, and a/opt/x is a directory',
  );
  expect(await refused('overlay: c\nfiles: [{path: /opt/x/passwd, content: ""}]')).toContain(
    '/opt/x/passwd is below c/opt/x, which is a link',
  );
});

describe('a single file', () => {
  it('has the mode of its source by default', async () => {
    await plant('tool', 'x', 0o755);
    const { slot } = await gather('files: [{path: /usr/bin/tool, source: tool, owner: app}]');
    expect(slot).toMatchObject([
      { mode: 0o755, owner: 'app', content: { from: join(folder, 'tool') } },
    ]);
  });

  it('needs its source', async () => {
    expect(await refused('files: [{path: /etc/x, source: gone}]')).toMatch(
      /^micro-linux\.yaml:2:32: gone does not exist/,
    );
  });
});

describe('what a new device gets', () => {
  it('is below /var, /home and /root', async () => {
    await plant('initial/var/lib/app/db');
    await plant('initial/home/ops/notes');
    const { slot, initial } = await gather('initial: initial\nowners: {/var/lib/app: app}');
    expect(slot).toEqual([]);
    expect(initial.map(({ path }) => path)).toEqual([
      ...['/home', '/home/ops', '/home/ops/notes', '/var', '/var/lib', '/var/lib/app'],
      '/var/lib/app/db',
    ]);
    expect(initial.slice(-2)).toMatchObject([{ owner: 'app' }, { owner: 'app' }]);
  });

  it.each([
    ['etc/x', 'is not on the data partition'],
    ['var/lib/ota-agent/rollback-index', "is the agent's state"],
    ['var/lib/dpkg/status', 'describes the packages'],
    ['var/run/x', 'is in memory'],
  ])('is not %s', async (path, why) => {
    await plant(`initial/${path}`);
    expect(await refused('initial: initial')).toContain(why);
  });
});

it('a line of owners that is about no file is refused', async () => {
  await plant('overlay/opt/app/x');
  expect(await refused('overlay: overlay\nowners: {/opt/ap: app, /opt/app: app}')).toMatch(
    /^micro-linux\.yaml:3:19: owners: nothing in overlay, files or initial is "\/opt\/ap"/,
  );
});

describe('the digest', () => {
  it('differs with everything that the image would have, and with nothing else', async () => {
    const digestOf = async (text = 'overlay: overlay') => (await gather(text)).digest;
    await plant('overlay/etc/x', 'one');
    const first = await digestOf();
    await rm(join(folder, 'overlay'), { recursive: true });
    await plant('elsewhere/etc/x', 'one');
    expect(await digestOf('overlay: elsewhere')).toBe(first);
    await plant('overlay/etc/x', 'two');
    const digests = [first, await digestOf()];
    await plant('overlay/etc/x', 'one', 0o600);
    digests.push(await digestOf());
    digests.push(await digestOf('overlay: overlay\nowners: {/etc/x: "1"}'));
    await symlink('x', join(folder, 'overlay/etc/y'));
    digests.push(await digestOf());
    await rm(join(folder, 'overlay/etc/y'));
    await symlink('z', join(folder, 'overlay/etc/y'));
    digests.push(await digestOf());
    await plant('overlay/etc/app/.gitkeep');
    digests.push(await digestOf());
    await plant('initial/var/lib/app/x', 'one');
    digests.push(await digestOf('overlay: overlay\ninitial: initial'));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
