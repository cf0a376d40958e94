import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { expect, onTestFinished, test } from 'vitest';
import { testConfig } from '../jobs/build/testing.ts';
import { profileOf } from '../profiles/index.ts';
import { productOf } from './index.ts';

const MODPROBE = '/usr/sbin/modprobe';
const ENVIRONMENT_GENERATOR =
  '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator';

const productWith = async (text: string) =>
  productOf(await testConfig(text), profileOf('bookworm'));

async function textOf(config: string, path: string): Promise<string> {
  const { entries } = await productWith(config);
  const found = entries.find((entry) => entry.path === path);
  if (found?.kind !== 'file' || typeof found.content !== 'string') {
    throw new TypeError(`${path} is not there`);
  }
  return found.content;
}

test('the default config adds nothing', async () => {
  expect(await productWith('')).toEqual({
    packages: [],
    entries: [],
    units: [],
    modules: [],
    files: [],
    summary: {},
  });
});

test('zram gets its size in MiB, in place of the package’s file', async () => {
  const size = async (zram: string) =>
    (await textOf(`swap: {zram: ${zram}}`, '/etc/systemd/zram-generator.conf')).split('\n')[2];
  expect(await size('75%')).toBe('zram-size = ram * 75 / 100');
  expect(await size('1G')).toBe('zram-size = 1024');
  expect((await productWith('swap: {zram: 50%}')).packages).toEqual(['systemd-zram-generator']);
});

test('time servers are in a drop-in', async () => {
  const text = await textOf(
    'ntp: {servers: [a.example, 192.0.2.1], fallback: [b.example]}',
    '/usr/lib/systemd/timesyncd.conf.d/50-micro-linux.conf',
  );
  expect(text).toMatch(/\[Time\]\nNTP=a\.example 192\.0\.2\.1\nFallbackNTP=b\.example\n$/);
});

test('summaries show names of variables, but not their values', async () => {
  const { summary } = await productWith('environment: {A: secret}\nfirewall: a.nft\n');
  expect(summary).toMatchObject({ environment: ['A'], firewall: true });
  expect(JSON.stringify(summary)).not.toContain('secret');
});

test.skipIf(!existsSync(ENVIRONMENT_GENERATOR))(
  'systemd reads the values as they were written',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'environment-'));
    onTestFinished(() => rm(root, { recursive: true }));
    const value = 'http://x.example/100%?a=$HOME&b={1;2}  two ~ é';
    const text = await textOf(
      `environment: {A: ${JSON.stringify(value)}}`,
      '/usr/lib/environment.d/50-micro-linux.conf',
    );
    const file = join(root, 'environment.d/50.conf');
    await mkdir(dirname(file));
    await writeFile(file, text);
    const { stdout } = await run(ENVIRONMENT_GENERATOR, [], {
      env: { XDG_CONFIG_HOME: root, HOME: root },
    });
    // It quotes for a shell.
    const shown = await run('sh', ['-c', `${stdout}\nprintf %s "$A"`]);
    expect(shown.stdout).toBe(value);
  },
);

test.skipIf(!existsSync(MODPROBE))('modprobe reads blacklist and options', async () => {
  const root = await mkdtemp(join(tmpdir(), 'modprobe-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const text = await textOf(
    'modules: {blacklist: [pcspkr], options: {dummy: numdummies=3}}',
    '/usr/lib/modprobe.d/zz-micro-linux.conf',
  );
  await writeFile(join(root, 'zz-micro-linux.conf'), text);
  // As systemd's package has it.
  await writeFile(join(root, 'systemd.conf'), 'options dummy numdummies=0\n');
  const { stdout } = await run(MODPROBE, ['--config', root, '--showconfig']);
  expect(stdout).toContain('blacklist pcspkr\n');
  const options = stdout.match(/^options dummy .*$/gm);
  expect(options?.at(-1)).toBe('options dummy numdummies=3');
});
