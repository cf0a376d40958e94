import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkMirrorAuth } from '../host/check-mirror-auth.ts';
import { listeningReporter } from '../keys/testing.ts';
import { loadConfigFile } from './load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

async function load(given: { path?: string; cwd?: string; env?: Record<string, string> } = {}) {
  const notices: string[] = [];
  const { config, file } = await loadConfigFile({
    ...{ path: given.path, env: given.env ?? {}, flags: [], cwd: given.cwd ?? folder },
    notice: (line) => notices.push(line),
  });
  return { config, file, notices };
}

describe('prints which file it uses', () => {
  test('the default one', async () => {
    await writeFile(at('micro-linux.yaml'), 'profile: bookworm\n');
    const file = at('micro-linux.yaml');
    expect(await load()).toMatchObject({ file, notices: ['config: micro-linux.yaml'] });
  });

  test('another one', async () => {
    await writeFile(at('mine.yml'), 'profile: bookworm\n');
    expect(await load({ path: 'mine.yml' })).toMatchObject({
      notices: ['config: mine.yml'],
    });
  });

  test('none', async () => {
    const line = 'config: no micro-linux.yaml here: defaults';
    expect(await load()).toMatchObject({ file: undefined, notices: [line] });
  });

  test('one outside the current folder, by its absolute path', async () => {
    await mkdir(at('gateway/inner'), { recursive: true });
    await writeFile(at('gateway/micro-linux.yaml'), 'profile: bookworm\n');
    expect(await load({ path: 'gateway/micro-linux.yaml' })).toMatchObject({
      notices: ['config: gateway/micro-linux.yaml'],
    });
    const path = '../micro-linux.yaml';
    expect(await load({ path, cwd: at('gateway/inner') })).toMatchObject({
      notices: [`config: ${at('gateway/micro-linux.yaml')}`],
    });
  });

  test('none, but a parent folder has one', async () => {
    await mkdir(at('a/b'), { recursive: true });
    await writeFile(at('micro-linux.yaml'), 'profile: trixie\n');
    const { notices, file } = await load({ cwd: at('a/b') });
    expect(file).toBeUndefined();
    expect(notices).toEqual([
      'config: no micro-linux.yaml here: defaults; parent folders are not searched: --config ../../micro-linux.yaml uses that one',
    ]);
  });

  test('a folder is an error that names the file in it', async () => {
    await mkdir(at('gateway'));
    await writeFile(at('gateway/micro-linux.yaml'), 'profile: trixie\n');
    await expect(load({ path: 'gateway' })).rejects.toMatchObject({
      code: 'config-unreadable',
      hint: '--config gateway/micro-linux.yaml',
    });
  });
});

describe('a file that is never silently ignored', () => {
  test.each([
    'micro-linux.yml',
    'micro-linux.YAML',
    'Micro-Linux.yaml',
    'microlinux.yaml',
    'micro_linux.yml',
    '.micro-linux.yaml',
    'micro-linux.yaml.txt',
    'micro-linux.json',
  ])('%s is refused, with the right name', async (name) => {
    await writeFile(at(name), 'profile: bookworm\n');
    await expect(load()).rejects.toMatchObject({
      code: 'config-misnamed',
      exitCode: 2,
      hint: expect.stringContaining(`mv ${at(name)} ${at('micro-linux.yaml')}`),
    });
    expect((await load({ path: name })).config.profile).toBe('bookworm');
    await writeFile(at('micro-linux.yaml'), 'profile: trixie\n');
    const both = await load();
    expect(both.config.profile).toBe('trixie');
    expect(both.notices).toContain(`${name} is not read: micro-linux.yaml is`);
  });

  test.each(['micro-linux.yaml~', 'micro-linux', 'micro-linux.example.yaml', 'linux.yaml'])(
    '%s has nothing to do with it',
    async (name) => {
      await writeFile(at(name), 'profile: bookworm\n');
      expect((await load()).file).toBeUndefined();
    },
  );

  test('a dangling link, a folder', async () => {
    await symlink('gone.yaml', at('micro-linux.yaml'));
    await expect(load()).rejects.toMatchObject({
      code: 'config-unreadable',
      why: expect.stringContaining('symbolic link'),
    });
    await rm(at('micro-linux.yaml'));
    await mkdir(at('micro-linux.yaml'));
    await expect(load()).rejects.toMatchObject({
      code: 'config-unreadable',
      why: 'it is a folder',
    });
  });
});

describe('the login of a mirror', () => {
  const text = (mirror: string) => `profile: bookworm\n${mirror}mirrorAuth: auth\n`;

  test('is an error without a mirror, and in an address', async () => {
    await writeFile(at('micro-linux.yaml'), text(''));
    await expect(load()).rejects.toMatchObject({
      message: expect.stringContaining(
        'micro-linux.yaml:2:13: mirrorAuth: is the login of an archive',
      ),
    });
    const secret = 'mirror: https://ops:hunter2@mirror.example/debian\n';
    await writeFile(at('micro-linux.yaml'), text(secret));
    const error = await load().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ hint: expect.stringContaining('--mirror-auth FILE') });
    expect(`${error}${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  test.each([
    ['machine mirror.example login ops password x', 0o600, undefined],
    ['machine mirror.example login ops password x', 0o644, 'chmod 600'],
    ['machine http://mirror.example login ops password x', 0o600, 'mirror-auth-invalid'],
    ['machine other.example login ops password x', 0o600, 'mirror-auth-invalid'],
  ])('%j, mode %o', async (login, mode, expected) => {
    await writeFile(at('micro-linux.yaml'), text('mirror: https://mirror.example/debian\n'));
    await writeFile(at('auth'), login, { mode });
    await chmod(at('auth'), mode);
    const reporter = listeningReporter();
    const outcome = await checkMirrorAuth((await load()).config, reporter).catch(
      (error: { code: string }) => error.code,
    );
    expect([outcome, ...reporter.said].join()).toContain(expected ?? '');
    expect(outcome === undefined && reporter.said.length === 0).toBe(expected === undefined);
  });
});

describe('environment variables set for another purpose', () => {
  const network = 'kind: static, interface: eth0, address: 192.0.2.5, gateway: 192.0.2.1';

  test.each(['/usr/local', '/opt/conda', '~/.local', './out'])(
    'PREFIX=%s is passed over, and named',
    async (PREFIX) => {
      await writeFile(at('micro-linux.yaml'), `network: {${network}, prefix: 24}\n`);
      const { config, notices } = await load({ env: { PREFIX } });
      expect(config.network).toMatchObject({ prefix: 24 });
      expect(notices.join()).toContain(`environment variable PREFIX is "${PREFIX}"`);
    },
  );

  test.each(['/24', '24x', '255.255.255.0', '33', '0'])(
    'PREFIX=%s is refused, and named',
    async (PREFIX) => {
      await writeFile(at('micro-linux.yaml'), `network: {${network}, prefix: 24}\n`);
      await expect(load({ env: { PREFIX } })).rejects.toMatchObject({
        message: expect.stringContaining('environment variable PREFIX'),
      });
    },
  );

  test('names one that replaces a value of the file', async () => {
    await writeFile(at('micro-linux.yaml'), `network: {${network}, prefix: 24}\n`);
    const { config, notices } = await load({ env: { PREFIX: '16', IFACE: 'eth0' } });
    expect(config.network).toMatchObject({ prefix: 16 });
    expect(notices.join()).toMatch(
      /environment variable PREFIX replaces network\.prefix of micro-linux\.yaml:1:\d+/,
    );
  });
});
