import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MicroLinuxError, renderError } from '@micro-linux/core';
import { KEYS } from '@micro-linux/provision/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configFlags } from '../flags.ts';
import { loadConfigFile } from '../load.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layers-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  }
}

interface Given {
  readonly path?: string;
  readonly variant?: string;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

async function load({ flags = {}, env = {}, ...given }: Given = {}) {
  const notices: string[] = [];
  const loaded = await loadConfigFile({
    ...{ ...given, env, flags: configFlags(flags), cwd: folder },
    notice: (line) => notices.push(line),
  });
  return { ...loaded, notices };
}

async function failure(given: Given = {}): Promise<string> {
  const error: unknown = await load(given).catch((thrown: unknown) => thrown);
  if (!(error instanceof MicroLinuxError)) {
    throw new Error('expected a MicroLinuxError');
  }
  expect(error.exitCode).toBe(2);
  return renderError(error);
}

describe('extends', () => {
  test('merges groups, adds to lists and replaces other values', async () => {
    await write({
      'base.yaml':
        'profile: bookworm\nhostname: base\npackages: {add: [curl, jq]}\ndisk: {size: 9G, slot: 3G}\n',
      'gateway/micro-linux.yaml':
        'extends: ../base.yaml\nhostname: gateway\npackages: {add: [nginx]}\ndisk: {size: 12G}\n',
    });
    const { config, notices } = await load({ path: 'gateway/micro-linux.yaml' });
    expect(config).toMatchObject({
      ...{ profile: 'bookworm', hostname: 'gateway' },
      packages: { add: ['curl', 'jq', 'nginx'] },
      disk: { sizeBytes: 12 * 2 ** 30, slotBytes: 3 * 2 ** 30 },
    });
    expect(notices).toEqual(['config: gateway/micro-linux.yaml, extends base.yaml']);
  });

  test('reads several files in order, and each of them once', async () => {
    await write({
      'common.yaml': 'packages: {add: [curl]}\nconsole: [tty0]\nlocale: de_DE.UTF-8\n',
      'one.yaml': 'extends: common.yaml\npackages: {add: [one]}\nlocale: fr_FR.UTF-8\n',
      'two.yaml': 'extends: [./common.yaml]\npackages: {add: [two]}\n',
      'micro-linux.yaml':
        'profile: bookworm\nextends: [one.yaml, two.yaml]\npackages: {add: [own]}\n',
    });
    const { config } = await load();
    expect(config.packages.add).toEqual(['curl', 'one', 'two', 'own']);
    expect(config.console).toEqual(['tty0']);
    expect(config.locale).toBe('fr_FR.UTF-8');
  });

  test('a list or a group is replaced by {replace: …}', async () => {
    await write({
      'base.yaml':
        'profile: bookworm\npackages: {add: [curl]}\nnetwork: {kind: static, interface: eth0, address: 192.0.2.5, prefix: 24}\n',
      'micro-linux.yaml':
        'extends: base.yaml\npackages: {add: {replace: [jq]}}\nnetwork: {replace: {kind: dhcp, interface: eth1}}\n',
    });
    const { config } = await load({ flags: { addPackage: ['nano'] } });
    expect(config.packages.add).toEqual(['jq', 'nano']);
    expect(config.network).toEqual({ kind: 'dhcp', interface: 'eth1' });
  });

  test('adds to kernel arguments as a string or a list, and to a mirror as one address', async () => {
    await write({
      'base.yaml':
        'profile: bookworm\nkernel: {arguments: quiet splash}\nmirror: http://mirror.example/debian\n',
      'micro-linux.yaml':
        'extends: base.yaml\nkernel: {arguments: [nosmt]}\nmirror: {security: http://security.example/debian}\n',
    });
    const { config } = await load();
    expect(config.kernel.arguments).toEqual(['quiet', 'splash', 'nosmt']);
    expect(config.mirror).toMatchObject({
      archive: 'http://mirror.example/debian',
      security: 'http://security.example/debian',
    });
  });

  test('paths are relative to the file that names them', async () => {
    await write({
      'shared/base.yaml':
        'profile: bookworm\nkeyring: keys/a.gpg\nupdate: {trustedKeys: [one.pem]}\n',
      'gateway/micro-linux.yaml':
        'extends: ../shared/base.yaml\nupdate: {trustedKeys: [two.pem], threshold: 2}\nvariants: {lab: {update: {trustedKeys: [lab.pem]}}}\n',
    });
    const { config } = await load({
      path: 'gateway/micro-linux.yaml',
      variant: 'lab',
      flags: { trustedKey: ['flag.pem'] },
    });
    expect(config.keyring).toBe(at('shared/keys/a.gpg'));
    expect(config.update.trustedKeys).toEqual([
      at('shared/one.pem'),
      at('gateway/two.pem'),
      at('gateway/lab.pem'),
      at('flag.pem'),
    ]);
    expect(config.update.developmentKey).toBe(at('gateway/keys/development.pem'));
  });

  test('every file is checked, and a finding names its own file and line', async () => {
    await write({
      'base.yaml': 'profile: bookworm\n\nhostnam: a\npackages:\n  add:\n    - "no name"\n',
      'micro-linux.yaml': 'extends: base.yaml\npackages:\n  add:\n    - also bad\n  ad: []\n',
    });
    const text = await failure();
    expect(text).toContain('base.yaml:3:1: hostnam: is not a known key');
    expect(text).toContain('base.yaml:6:7: packages.add[0]');
    expect(text).toContain('micro-linux.yaml:4:7: packages.add[1]');
    expect(text).toContain('micro-linux.yaml:5:3: packages.ad: is not a known key');
  });

  test.each([
    ['extends: gone.yaml', 'micro-linux.yaml:1:10: extends: names gone.yaml, which does not exist'],
    ['extends: [sub]', 'micro-linux.yaml:1:11: extends[0]: names sub, which is a folder'],
    ['extends: micro-linux.yaml', 'which is this file'],
    ['extends: 7', 'must be the path of a config file'],
    ['extends: {a: b}', 'must be the path of a config file'],
    ["extends: ''", 'is not a path'],
    ['extends: ~/base.yaml', 'begins with ~'],
    ['extend: a.yaml', 'did you mean `extends`?'],
  ])('refuses %j', async (text, message) => {
    await mkdir(at('sub'));
    await write({ 'micro-linux.yaml': `${text}\n` });
    expect(await failure()).toContain(message);
  });

  test('refuses files that extend each other, also by another name', async () => {
    await write({
      'micro-linux.yaml': 'extends: a.yaml\n',
      'a.yaml': 'profile: bookworm\nextends: b.yaml\n',
    });
    await symlink('micro-linux.yaml', at('b.yaml'));
    expect(await failure()).toContain(
      'a.yaml:2:10: extends: names b.yaml, which extends this file',
    );
  });

  test('refuses a long row of files', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `f${index}.yaml`);
    await write(
      Object.fromEntries(
        names.map((name, index) => [name, index === 11 ? '' : `extends: f${index + 1}.yaml\n`]),
      ),
    );
    expect(await failure({ path: 'f0.yaml' })).toContain('f8.yaml:1:10: extends');
    expect((await load({ path: 'f4.yaml' })).config.profile).toBe('noble');
  });

  test('a syntax error names its file', async () => {
    await write({ 'micro-linux.yaml': 'extends: base.yaml\n', 'base.yaml': 'a: [\n' });
    expect(await failure()).toContain('base.yaml:');
    await write({ 'base.yaml': '- a\n' });
    expect(await failure()).toContain('base.yaml:1:1: the file must contain keys');
  });

  test('a variable that replaces a value names the file it comes from', async () => {
    await write({
      'base.yaml': 'profile: bookworm\ndisk: {size: 9G}\n',
      'micro-linux.yaml': 'extends: base.yaml\n',
    });
    const { notices } = await load({ env: { SIZE_GB: '10' } });
    expect(notices).toContain('environment variable SIZE_GB replaces disk.size of base.yaml:2:14');
  });
});

describe('variants', () => {
  const files = {
    'base.yaml': 'profile: bookworm\nvariants: {small: {packages: {add: [jq]}, hostname: base}}\n',
    'micro-linux.yaml': [
      'extends: base.yaml',
      'hostname: big',
      'packages: {add: [curl]}',
      'variants:',
      '  small:',
      '    hostname: little',
      '    disk: {size: 6G}',
      '  none: {packages: {add: {replace: []}}}',
    ].join('\n'),
  };

  test('one is laid over everything, with what other files say about it', async () => {
    await write(files);
    expect((await load()).config).toMatchObject({ hostname: 'big', packages: { add: ['curl'] } });
    const small = await load({ variant: 'small' });
    expect(small.config).toMatchObject({
      ...{ hostname: 'little', packages: { add: ['curl', 'jq'] } },
      disk: { sizeBytes: 6 * 2 ** 30 },
    });
    expect(small.notices).toEqual(['config: micro-linux.yaml, variant small, extends base.yaml']);
    const none = await load({ variant: 'none', flags: { hostname: 'flag' } });
    expect(none.config).toMatchObject({ hostname: 'flag', packages: { add: [] } });
  });

  test('an unknown one is refused, with a suggestion', async () => {
    await write(files);
    const text = await failure({ variant: 'smal' });
    expect(text).toContain('error[variant-unknown]: "smal" is not a variant of micro-linux.yaml');
    expect(text).toContain('it has small, none');
    expect(text).toContain('--variant small');
    await write({ 'micro-linux.yaml': '' });
    expect(await failure({ variant: 'small' })).toContain('it has no variants');
    await rm(at('micro-linux.yaml'));
    expect(await failure({ variant: 'small' })).toContain('it has no variants');
  });

  test('mistakes in any of them are found', async () => {
    const text = 'profile: bookworm\nvariants:\n  a:\n    hostnam: x\n  b:\n    disk: {size: 9}\n';
    await write({ 'micro-linux.yaml': text });
    const all = await failure();
    expect(all).toContain('micro-linux.yaml:4:5: hostnam: is not a known key');
    expect(all).toContain('micro-linux.yaml:6:18: disk.size');
    // What is missing may come from a flag.
    await write({
      'micro-linux.yaml':
        'profile: bookworm\nvariants:\n  a: {network: {kind: static, interface: eth0}}\n',
    });
    await load();
    expect(await failure({ variant: 'a' })).toContain('network.address: is missing');
  });

  test.each([
    ['variants: [a]', 'variants: must be a group of variants'],
    ['variants: {a: 1}', 'variants.a: must be a group of keys'],
    ['variants: {A b: {}}', 'is not a name for a variant'],
    ['variants: {a: {extends: b.yaml}}', 'extends: is not a known key'],
    ['variants: {a: {variants: {}}}', 'variants: is not a known key'],
    ['packages: {add: {replace: 1}}', 'packages.add: must be a list'],
    ['hostname: {replace: x}', 'hostname: must be text'],
    ['__proto__: {a: 1}', '__proto__: is not a known key'],
  ])('refuses %j', async (text, message) => {
    await write({ 'micro-linux.yaml': `${text}\n` });
    expect(await failure()).toContain(message);
  });

  test('secrets of a variant stay out of messages', async () => {
    const secret = `user: {password: hunter2, sshKeys: [${KEYS[0]}], name: A}`;
    await write({ 'micro-linux.yaml': `profile: bookworm\nvariants: {a: {${secret}}}\n` });
    const text = await failure({ variant: 'a' });
    expect(text).toContain('user.password');
    expect(text).not.toContain('hunter2');
  });
});
