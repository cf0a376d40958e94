import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { defaultConfig, splitHost } from '@micro-linux/provision';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { loadConfig, loadConfigAtBoot } from './load-config.ts';

/** Config directories with these files; the first one takes precedence. */
function directories(files: Readonly<Record<string, string>>): string[] {
  const root = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return ['etc', 'run', 'lib'].map((name) => join(root, name));
}

function problemsOf(text: string): string {
  const where = directories({ 'etc/config.yaml': text });
  try {
    loadConfig(where);
  } catch (error) {
    expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
    const { message, why } = error as { message: string; why?: string };
    return (why ?? message).replaceAll(`${where[0]}/`, '');
  }
  return '';
}

describe('loadConfig', () => {
  it('returns the defaults without files, or when a file has only comments', () => {
    expect(loadConfig(directories({}))).toEqual(defaultConfig());
    expect(loadConfig(directories({ 'etc/config.yaml': '# nothing\n' }))).toEqual(defaultConfig());
    expect(defaultConfig()).toMatchObject({
      boot: { tries: 1, counter: 3 },
      trial: { deadlineSeconds: 300 },
    });
  });

  it('reads only the first config.yaml', () => {
    const config = loadConfig(
      directories({
        'etc/config.yaml': 'boot: {tries: 2}\n',
        'run/config.yaml': 'boot: {tries: 3, counter: 5}\n',
        'lib/config.yaml': 'boot: {tries: 4, counter: 6}\n',
      }),
    );
    expect(config.boot).toEqual({ tries: 2, counter: 3 });
  });

  it('requires the highest number of signatures that any file sets', () => {
    const image = { 'lib/config.yaml': 'signatures: {threshold: 2}\n' };
    const threshold = (files: Readonly<Record<string, string>>) =>
      loadConfig(directories({ ...image, ...files })).signatures.threshold;
    expect(threshold({ 'etc/config.yaml': 'boot: {tries: 2}\n' })).toBe(2);
    expect(threshold({ 'etc/config.yaml.d/1.yaml': 'signatures: {threshold: 1}\n' })).toBe(2);
    expect(threshold({ 'etc/config.yaml.d/1.yaml': 'signatures: {threshold: 3}\n' })).toBe(3);
    const dropIn = { 'lib/config.yaml.d/20-keys.yaml': 'signatures: {threshold: 4}\n' };
    for (const text of ['signatures: {threshold: 1}\n', '# nothing\n', 'boot: {tries: 2}\n']) {
      for (const place of ['etc', 'run']) {
        expect(threshold({ ...dropIn, [`${place}/config.yaml.d/20-keys.yaml`]: text })).toBe(4);
      }
    }
  });

  it('applies drop-ins in the order of their names, key by key, from all directories', () => {
    const config = loadConfig(
      directories({
        'lib/config.yaml': 'boot: {tries: 2, counter: 2}\nhealth: {hosts: ["a:1", "b:2"]}\n',
        'etc/config.yaml.d/10-a.yaml': 'boot: {tries: 5}\n',
        'lib/config.yaml.d/20-b.yaml': 'boot: {tries: 6}\nhealth: {hosts: ["c:3"]}\n',
        'etc/config.yaml.d/.hidden.yaml': 'nonsense',
        'etc/config.yaml.d/30-c.yaml.dpkg-old': 'nonsense',
      }),
    );
    expect(config.boot).toEqual({ tries: 6, counter: 2 });
    expect(config.health.hosts).toEqual(['c:3']);
  });

  it('prefers the administrator’s of two drop-ins with the same name', () => {
    const config = loadConfig(
      directories({
        'etc/config.yaml.d/10-a.yaml': '# the image’s is not wanted\n',
        'lib/config.yaml.d/10-a.yaml': 'boot: {tries: 5}\n',
      }),
    );
    expect(config.boot.tries).toBe(1);
  });

  it.each([
    ['bot:\n  tries: 1\n', 'config.yaml:1: bot: is not a known key'],
    ['boot:\n  tries: 1\n\n  trys: 1\n', 'config.yaml:4: boot.trys: is not a known key'],
    ['boot:\n  counter: 3\n  tries: 8\n', 'config.yaml:3: boot.tries: '],
    ['boot: [1]\n', 'config.yaml:1: boot: '],
    ['boot:\n  tries: "1"\n', 'config.yaml:2: boot.tries: '],
    ['boot:\n\ttries: 1\n', 'config.yaml:2: '],
    ['health:\n  hosts:\n    - a:1\n    - b\n', 'config.yaml:4: health.hosts.1: must be host:port'],
    ['health:\n  requiredUnits: ["a.service | b"]\n', 'config.yaml:2: health.requiredUnits.0: '],
    ['just text\n', 'config.yaml:1: '],
    ['boot: {}\nboot: {}\n', 'config.yaml:2: '],
    ['health:\n  ignoreUnits: [- *.timer]\n', 'config.yaml:2: '],
    ['health:\n  ignoreUnits: [*backup.timer]\n', 'config.yaml:2: * begins an alias'],
    ['boot: &b {tries: 2}\ntrial: *b\n', 'config.yaml:2: * begins an alias'],
    ['boot: {[tries]: 2}\n', 'config.yaml:1: '],
    ['__proto__: {tries: 2}\n', 'config.yaml:1: __proto__: is not a known key'],
    ['boot: {__proto__: {tries: 2}}\n', 'config.yaml:1: boot.__proto__: is not a known key'],
    ['boot: !!binary aGk=\n', 'config.yaml:1: '],
  ])('refuses %j, and says where', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('reports all problems in all files', () => {
    const where = directories({
      'lib/config.yaml': 'boot: {tries: 9}\nbot: 1\n',
      'etc/config.yaml.d/x.yaml': 'trial: {deadlineSeconds: 1}\n',
    });
    expect(() => loadConfig(where)).toThrow(
      expect.objectContaining({ why: expect.stringMatching(/tries[\s\S]*bot[\s\S]*x\.yaml:1/) }),
    );
  });
});

describe('a file that would take long to parse', () => {
  // A minute each, when they reach the parser.
  it.each([
    ['brackets', 'boot: '.concat('['.repeat(20_000))],
    ['maps', 'boot: '.concat('{a: '.repeat(8000))],
    ['lists in a line', `boot:\n  ${'- '.repeat(15_000)}`],
    ['keys in a line', '? '.repeat(15_000)],
    ['brackets over many lines', 'boot: '.concat('[\n'.repeat(15_000))],
  ])('is refused: %s', (_, text) => {
    expect(problemsOf(text)).toMatch(/^config\.yaml:\d+: is nested too deeply$/);
  });

  it('is refused when it is larger than any config', () => {
    expect(problemsOf(`# ${'x'.repeat(40_000)}\n`)).toContain('(more than 32768 bytes)');
  });

  it('is refused when there are too many of it', () => {
    const many = Array.from({ length: 101 }, (_, index) => [`etc/config.yaml.d/${index}.yaml`, '']);
    const { problems } = loadConfigAtBoot(directories(Object.fromEntries(many)));
    expect(problems.join()).toContain('it contains 101 files; the maximum is 100');
  });

  it('reports only the first problems', () => {
    const text = Array.from({ length: 2000 }, (_, index) => `k${index}: 1\n`).join('');
    expect(problemsOf(text).split('\n')).toHaveLength(11);
    expect(problemsOf(text)).toContain('and 1990 more');
  });
});

it('does not wait for a pipe in place of a file', async () => {
  const where = directories({ 'lib/config.yaml': 'boot: {tries: 4}\n', 'etc/x': '' });
  await run('mkfifo', [join(where[0] ?? '', 'config.yaml')]);
  const { config, problems } = loadConfigAtBoot(where);
  expect(config.boot.tries).toBe(4);
  expect(problems.join()).toContain('cannot be read (EINVAL)');
});

it('says how to remove a broken file', () => {
  const where = directories({ 'etc/config.yaml.d/x.yaml': 'boot: [\n' });
  const file = join(where[0] ?? '', 'config.yaml.d/x.yaml');
  expect(() => loadConfig(where)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(`${file}:`),
      hint: `correct it, or do without it: sudo mv ${file} ${file}.off`,
    }),
  );
});

describe('loadConfigAtBoot', () => {
  it('falls back to the image’s config when the administrator’s is broken, and says why', () => {
    const loaded = loadConfigAtBoot(
      directories({
        'etc/config.yaml': 'boot: {counter: 99}\n',
        'etc/config.yaml.d/10.yaml': 'boot: {counter: 7}\n',
        'lib/config.yaml': 'boot: {counter: 6}\n',
      }),
    );
    expect(loaded.config.boot.counter).toBe(6);
    expect(loaded.problems.join()).toContain('etc/config.yaml:1: boot.counter');
  });

  it('falls back to the defaults when the image’s config is broken too', () => {
    const loaded = loadConfigAtBoot(directories({ 'lib/config.yaml': '{' }));
    expect(loaded.config).toEqual(defaultConfig());
    expect(loaded.problems).not.toEqual([]);
  });

  it('falls back when a directory is in place of the file', () => {
    const loaded = loadConfigAtBoot(directories({ 'etc/config.yaml/x': '' }));
    expect(loaded.config).toEqual(defaultConfig());
    expect(loaded.problems.join()).toContain('cannot be read (EISDIR)');
  });
});

it.each([
  ['example.org:443', { host: 'example.org', port: 443 }],
  ['192.0.2.1:22', { host: '192.0.2.1', port: 22 }],
  ['[2001:db8::1]:80', { host: '2001:db8::1', port: 80 }],
  ['[fe80::1%eth0]:80', { host: 'fe80::1%eth0', port: 80 }],
  ['2001:db8::1:80', undefined],
  ['example.org', undefined],
  ['example.org:0', undefined],
  ['example.org:65536', undefined],
  [':80', undefined],
])('splitHost %s', (text, expected) => {
  expect(splitHost(text)).toEqual(expected);
});
