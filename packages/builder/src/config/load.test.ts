import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { errorToObject, MicroLinuxError, renderError } from '@micro-linux/core';
import { HASHES, KEYS } from '@micro-linux/provision/testing';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addConfigOptions, configFlags } from './flags.ts';
import { loadConfig } from './load.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micro-linux-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Given {
  readonly text?: string;
  readonly path?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
}

function load({ text, path, env = {}, argv = [] }: Given) {
  const command = addConfigOptions(new Command());
  command.parse([...argv], { from: 'user' });
  return loadConfig({ text, path, env, flags: configFlags(command.opts()), cwd: folder });
}

async function failure(given: Given): Promise<MicroLinuxError> {
  const result = await load(given).catch((error: unknown) => error);
  if (result instanceof MicroLinuxError) {
    expect(result.exitCode).toBe(2);
    return result;
  }
  throw new Error(`expected a MicroLinuxError, got ${JSON.stringify(result) ?? result}`);
}

const rendered = async (given: Given) => renderError(await failure(given));

describe('where values come from', () => {
  test('flags override the environment, which overrides the file', async () => {
    const text = 'disk: {size: 9G}';
    const env = { SIZE_GB: '10' };
    const size = async (given: Given) => (await load(given)).disk.sizeBytes / 2 ** 30;
    expect(await size({})).toBe(8);
    expect(await size({ text })).toBe(9);
    expect(await size({ text, env })).toBe(10);
    expect(await size({ text, env, argv: ['--disk-size', '11G'] })).toBe(11);
  });

  test('each environment variable sets its key', async () => {
    const env = {
      NET_MODE: 'static',
      IFACE: 'eth0',
      ADDR: '192.0.2.10',
      PREFIX: '24',
      GATEWAY: '192.0.2.1',
      DNS: '192.0.2.53, 192.0.2.54',
    };
    expect((await load({ env })).network).toEqual({
      kind: 'static',
      interface: 'eth0',
      address: '192.0.2.10',
      prefix: 24,
      gateway: '192.0.2.1',
      dns: ['192.0.2.53', '192.0.2.54'],
    });
  });

  test('an empty variable counts as not set', async () => {
    expect((await load({ env: { SIZE_GB: '', NET_MODE: '' } })).disk.sizeBytes).toBe(8 * 2 ** 30);
  });

  test('with dhcp, a PREFIX set for other reasons is ignored', async () => {
    expect((await load({ env: { PREFIX: '/usr/local', GATEWAY: 'x' } })).network.kind).toBe('dhcp');
  });

  test("asking for dhcp drops the file's static network, not its interface", async () => {
    const text = 'network: {kind: static, interface: eth0, address: 192.0.2.10, prefix: 24}';
    const dhcp = { kind: 'dhcp', interface: 'eth0' };
    expect((await load({ text, argv: ['--network', 'dhcp'] })).network).toEqual(dhcp);
    expect((await load({ text, env: { NET_MODE: 'dhcp' } })).network).toEqual(dhcp);
  });

  test('a single variable or flag can change the file’s static network', async () => {
    const text = 'network: {kind: static, interface: eth0, address: 192.0.2.10, prefix: 24}';
    const moved = { address: '192.0.2.11', prefix: 24 };
    expect((await load({ text, env: { ADDR: '192.0.2.11' } })).network).toMatchObject(moved);
    expect((await load({ text, argv: ['--address', '192.0.2.11'] })).network).toMatchObject(moved);
  });

  test('flags add to lists of packages, arguments and keys, and replace other lists', async () => {
    const config = await load({
      text: `packages: {add: [vim]}\nkernel: {arguments: quiet}\nconsole: [tty0]\nuser: {sshKeys: ["${KEYS[0]}"]}`,
      argv: [
        ...['--add-package', 'curl', 'wget', '--add-package', 'htop'],
        ...['--kernel-argument', 'nosplash', '--console', 'hvc0', '--ssh-key', KEYS[1]],
      ],
    });
    expect(config.packages.add).toEqual(['vim', 'curl', 'wget', 'htop']);
    expect(config.kernel.arguments).toEqual(['quiet', 'nosplash']);
    expect(config.console).toEqual(['hvc0']);
    expect(config.user.sshKeys).toEqual(KEYS);
  });

  test("--mirror replaces the file's mirror, --security-mirror half of it", async () => {
    const text = 'mirror: {archive: http://mirror.example/a, security: http://mirror.example/b}';
    const other = 'http://mirror.example/c';
    expect((await load({ text, argv: ['--mirror', other] })).mirror).toEqual({
      archive: other,
      security: other,
    });
    for (const given of [text, 'mirror: http://mirror.example/a']) {
      expect((await load({ text: given, argv: ['--security-mirror', other] })).mirror).toEqual({
        archive: 'http://mirror.example/a',
        security: other,
      });
    }
  });

  test("a keyring is relative to the file's folder, or to the working directory if a flag names it", async () => {
    await mkdir(join(folder, 'sub'), { recursive: true });
    await writeFile(join(folder, 'sub/a.yaml'), 'keyring: keys/a.gpg\n');
    const path = 'sub/a.yaml';
    expect((await load({ path })).keyring).toBe(join(folder, 'sub/keys/a.gpg'));
    expect((await load({ path, argv: ['--keyring', 'b.gpg'] })).keyring).toBe(
      join(folder, 'b.gpg'),
    );
  });

  test('micro-linux.yaml is read if it exists', async () => {
    await writeFile(join(folder, 'micro-linux.yaml'), '\uFEFFhostname: from-file\r\n');
    expect((await load({})).hostname).toBe('from-file');
    await rm(join(folder, 'micro-linux.yaml'));
    expect((await load({})).hostname).toBe('micro-linux');
  });
});

describe('--ssh-key', () => {
  test('reads each key of a file', async () => {
    await writeFile(join(folder, 'keys.pub'), `# mine\n\n${KEYS.join('\r\n')}\n`);
    const { user } = await load({ argv: ['--ssh-key', 'keys.pub'] });
    expect(user.sshKeys).toEqual(KEYS);
  });

  test('refuses a private key file without quoting it', async () => {
    await writeFile(join(folder, 'id'), '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n');
    const error = await failure({ argv: ['--ssh-key', 'id'] });
    expect(error.message).toContain('flag --ssh-key: user.sshKeys[0]: is a private key');
    expect(renderError(error)).not.toContain('hunter2');
  });

  test('refuses a folder', async () => {
    expect(await rendered({ argv: ['--ssh-key', '.'] })).toContain('cannot be read as a key file');
  });
});

describe('errors', () => {
  test('are reported all at once, each with its place and what to write', async () => {
    expect(
      await rendered({
        text: `profle: noble
profile: nobel
version: 1.0
hostname: my_host
sshKeys: []
user:
  name: root
  password: hunter2
network:
  kind: static
  adress: 192.0.2.10
  prefix: 33
disk: {size: 8GB}
kernel:
  arguments: [quiet, 3, root=/dev/sda]
packages: curl
boot:
boot: {tries: 9}
`,
        env: { SIZE_GB: 'big', GATEWAY: '192.0.2' },
        argv: ['--timezone', 'Berlin', '--add-package', 'a=1'],
      }),
    ).toMatchSnapshot();
  });

  test('a single error is the message itself', async () => {
    expect(await rendered({ text: 'network:\n  kind: stattic' })).toBe(
      'error[config-invalid]: micro-linux.yaml:2:9: network.kind: "stattic" is not one of dhcp, static, none\n' +
        '  try: did you mean static?',
    );
  });

  test('in a file other than the default have its name as given', async () => {
    await writeFile(join(folder, 'other.yaml'), 'foo: 1');
    expect(await rendered({ path: 'other.yaml' })).toContain('other.yaml:1:1: foo');
  });

  test('a disk that is too small has its own code and states the sum', async () => {
    const error = await failure({ env: { SIZE_GB: '4' } });
    expect(error.code).toBe('disk-too-small');
    expect(error.message).toBe(
      'environment variable SIZE_GB: disk.size: 4G is too small: the disk needs 4612M = 4M fixed + 256M ESP + 2 x 2G slots + 256M data',
    );
  });

  test('a static network set by a variable names the missing variables', async () => {
    const error = await rendered({ env: { NET_MODE: 'static', IFACE: 'eth0' } });
    expect(error).toContain('environment variable NET_MODE: network.address: is missing');
    expect(error).toContain('write ADDR=192.0.2.10');
    expect(error).toContain('write PREFIX=24');
    expect(error).not.toContain('IFACE=');
  });

  test('a static network set by a flag names the missing flags', async () => {
    const error = await rendered({ argv: ['--network', 'static', '--dns', '192.0.2.53'] });
    expect(error).toContain('write --address 192.0.2.10');
    expect(error).toContain('write --prefix 24');
  });

  test('a bad variable is named', async () => {
    const env = { NET_MODE: 'static', IFACE: 'eth0', ADDR: '192.0.2.10', PREFIX: 'x' };
    expect(await rendered({ env })).toContain('environment variable PREFIX: network.prefix');
  });

  test.each(['0', '-1', '1.5', '8G', '1e3', '9999999'])('SIZE_GB=%s is refused', async (size) => {
    expect(await rendered({ env: { SIZE_GB: size } })).toContain('environment variable SIZE_GB');
  });

  test('an ADDR without effect is reported, unless dhcp was requested', async () => {
    expect(await rendered({ env: { ADDR: '192.0.2.10' } })).toContain('set NET_MODE=static too');
    const { network } = await load({ env: { ADDR: '192.0.2.10', NET_MODE: 'dhcp' } });
    expect(network.kind).toBe('dhcp');
  });

  test('refuses two flags for one key', async () => {
    const argv = ['--password-policy', 'disabled', '--password-hash', HASHES[0]];
    expect(await rendered({ argv })).toContain('is set by flag --password-policy too');
  });

  test('a key written twice is reported with both lines', async () => {
    expect(await rendered({ text: 'hostname: a\nuser:\n  name: b\n  name: c\n' })).toContain(
      'micro-linux.yaml:4:3: user.name: is written twice, first in line 3',
    );
  });

  test.each(['- a', 'text', '3'])('a file of %j has no keys', async (text) => {
    expect(await rendered({ text })).toContain('the file must contain keys');
  });

  test.each(['', '# nothing\n', '---\n', '{}'])('a file of %j is the default', async (text) => {
    expect((await load({ text })).hostname).toBe('micro-linux');
  });
});

describe('a file that cannot be read', () => {
  test.each([
    ['user:\n\tname: a', 2, 'a tab is used as indentation'],
    ['user: {name: a', 1, 'a bracket is left open'],
    ['hostname: "a', 1, 'is missing'],
    ['a: 1\n---\nb: 1', 2, 'a second document'],
    ['hostname: *a', 1, 'alias'],
    ['hostname: !a b', 1, 'tag'],
  ])('%j is a syntax error in line %d', async (text, line, why) => {
    const error = await failure({ text });
    expect(errorToObject(error)).toMatchObject({ code: 'config-syntax', line });
    expect(renderError(error)).toContain(why);
    expect(error.message).toMatch(new RegExp(`^micro-linux.yaml:${line}:\\d+: `));
  });

  test('a file that is not UTF-8 is a syntax error', async () => {
    await writeFile(join(folder, 'latin.yaml'), Buffer.from([0x61, 0xe4]));
    expect((await failure({ path: 'latin.yaml' })).code).toBe('config-syntax');
  });

  test('a named file must exist', async () => {
    const error = await failure({ path: 'no-such.yaml' });
    expect(error).toMatchObject({
      code: 'config-missing',
      message: 'the config file no-such.yaml does not exist',
    });
    expect(error.hint).toContain('--config');
  });

  test('refuses a folder', async () => {
    expect((await failure({ path: '.' })).code).toBe('config-unreadable');
  });
});

describe('secrets', () => {
  test.each([
    'user: {password: hunter2}',
    'user: {password: [hunter2]}',
    'user: {password: {hunter2: 1, hunter2: 2}}',
    'user: {password: *hunter2}',
    'user: {password: !hunter2 x}',
    'user: {password: &hunter2 }',
    'user: {password: @hunter2}',
    'user: {password: "\\hunter2"}',
    'user: {password: "hunter2',
    'user: {password: %hunter2: 1}',
    'user:\n  password: hunter2: 1',
    'user:\n  password: hunter2\n   x: 1',
    'user: {sshKeys: [hunter2]}',
    'user: {sshKeys: {hunter2: 1}}',
    'user: {sshKeys: [{hunter2: 1}]}',
    'user: {passwrd: hunter2}',
    'update: {signCommand: [hunter2]}',
    'update: {signCommand: sign hunter2}',
    'update: {signCommand: &hunter2 }',
    'password: hunter2',
    'mirror: http://me:hunter2@mirror.example/',
    'mirror: {archive: ftp://hunter2@mirror.example/}',
  ])('%j is refused without its secret', async (text) => {
    const error = await failure({ text });
    expect(JSON.stringify([renderError(error), errorToObject(error)])).not.toContain('hunter2');
  });

  test.each(['--password-policy', '--password-hash', '--ssh-key', '--sign-command'])(
    '%s is not quoted',
    async (flag) => {
      const error = await failure({ argv: [flag, 'hunter2'] });
      expect(JSON.stringify([renderError(error), errorToObject(error)])).not.toContain('hunter2');
    },
  );
});

test('docs/reference/config.md shows the real output', async () => {
  const docs = await readFile(
    resolve(import.meta.dirname, '../../../../docs/reference/config.md'),
    'utf8',
  );
  const text = /^```yaml\n(profle:[\s\S]*?)```$/m.exec(docs)?.[1] ?? '';
  const shown = /^```\n(error\[[\s\S]*?)\n```$/m.exec(docs)?.[1];
  expect(shown).toBe(
    await rendered({ text, env: { SIZE_GB: '4' }, argv: ['--timezone', 'Berlin'] }),
  );
});
