import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { lintSeed } from 'micro-linux/autoinstall/check/lint-seed';
import { parseSeed } from 'micro-linux/autoinstall/seed/parse-seed';
import { readInstallSources } from 'micro-linux/jobs/remaster/plan/install-sources';
import { comparableBootReport } from 'micro-linux/jobs/remaster/source/boot-report';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import {
  bootReport,
  type Edition,
  makeUbuntuIso,
  remasterOf,
  SERVER_24_04,
  SERVER_24_04_2,
  unpackIso,
} from '../harness/ubuntu-iso/index.ts';

const skipped = await whySkipped('the official ISO, remastered');

/** xorriso writes where things lie into it. */
const ELTORITO = 'boot/grub/i386-pc/eltorito.img';

let scratch: string;
const at = (name: string) => join(scratch, name);

beforeAll(async () => {
  scratch = await makeScratch('remaster');
});
afterAll(() => removeScratch(scratch));

/** An ISO, its remaster, and the contents of both. */
async function remastered(edition: Edition, name: string, slim: boolean) {
  const source = at(`${name}.iso`);
  const result = at(`${name}.remastered.iso`);
  await makeUbuntuIso({ edition, output: source, scratch, run });
  await remasterOf(source, { scratch, output: result, slim });
  return {
    source,
    result,
    before: await unpackIso(source, at(`${name}.before`), run),
    after: await unpackIso(result, at(`${name}.after`), run),
  };
}

describe.skipIf(skipped).each([
  { edition: SERVER_24_04, menus: ['boot/grub/grub.cfg', 'boot/grub/loopback.cfg'] },
  { edition: SERVER_24_04_2, menus: ['boot/grub/grub.cfg'] },
])('a remaster of $edition.product $edition.release', ({ edition, menus }) => {
  let made: Awaited<ReturnType<typeof remastered>>;
  beforeAll(async () => {
    made = await remastered(edition, edition.release, false);
  });

  test('has the same boot methods as its source', async () => {
    const [before, after] = [
      await bootReport(made.source, run),
      await bootReport(made.result, run),
    ];
    expect(comparableBootReport(before)).toHaveLength(21);
    expect(comparableBootReport(after)).toEqual(comparableBootReport(before));
  });

  test('is readable only by its owner: the seed on it contains the hash of a password', async () => {
    expect((await stat(made.result)).mode & 0o777).toBe(0o600);
  });

  test('has a valid partition table', async () => {
    const { stdout } = await run('sgdisk', ['-v', made.result]);
    expect(stdout).toContain('No problems found');
    const { stdout: table } = await run('sgdisk', ['-p', made.result]);
    expect(table).toMatch(/2 .* EF00 {2}Appended2/);
  });

  test('has the same Joliet names as its source', async () => {
    const joliet = Buffer.from('\x02CD001');
    for (const iso of [made.source, made.result]) {
      expect((await readFile(iso)).subarray(18 * 2048, 18 * 2048 + 6)).toEqual(joliet);
    }
  });

  test('has every file of its source, byte for byte, except the few that it changes', async () => {
    const changed = [...menus, 'casper/install-sources.yaml', 'md5sum.txt'];
    const patched = ['boot.catalog', ELTORITO];
    const differing = [...made.before].filter(([path, sum]) => made.after.get(path) !== sum);
    expect(differing.map(([path]) => path).sort()).toEqual([...changed, ...patched].sort());
    expect([...made.after.keys()].filter((path) => !made.before.has(path)).sort()).toEqual([
      'autoinstall.yaml',
      'micro-linux/boot-code.img',
      'micro-linux/core.img',
      'micro-linux/esp.img.zst',
      'micro-linux/install',
      'micro-linux/install.json',
      'micro-linux/keys/0123.pem',
      'micro-linux/node',
      'micro-linux/ota-agent.mjs',
      'micro-linux/rootfs.squashfs',
      'micro-linux/update.img',
      'nocloud/meta-data',
      'nocloud/user-data',
    ]);
  });

  test('changes GRUB for BIOS only where it records positions', async () => {
    const [before, after] = await Promise.all(
      ['before', 'after'].map((side) => readFile(at(`${edition.release}.${side}/${ELTORITO}`))),
    );
    expect(after?.subarray(2048, 2048 + 500)).toEqual(before?.subarray(2048, 2048 + 500));
    expect(after?.subarray(4096)).toEqual(before?.subarray(4096));
  });

  test('every sum verifies, and only files that xorriso writes into have none', async () => {
    const tree = at(`${edition.release}.after`);
    await run('md5sum', ['--check', '--quiet', '--strict', 'md5sum.txt'], { cwd: tree });
    const listed = (await readFile(join(tree, 'md5sum.txt'), 'utf8')).trim().split('\n');
    const names = listed.map((line) => line.slice(36));
    const all = [...made.after.keys()].filter(
      (path) => !['md5sum.txt', 'boot.catalog', ELTORITO].includes(path),
    );
    expect(names.sort()).toEqual(all.sort());
  });

  test.each(menus)('has one entry that installs unattended, the default, in %s', async (menu) => {
    const [before, after] = await Promise.all(
      ['before', 'after'].map((side) => readFile(at(`${edition.release}.${side}/${menu}`), 'utf8')),
    );
    const kernels = after?.split('\n').filter((line) => /^\s*linux\s.*\sautoinstall\s/.test(line));
    expect(kernels).toHaveLength(1);
    expect(kernels?.[0]).toMatch(/ "ds=nocloud;s=\/cdrom\/nocloud\/" .* ---$/);
    const entries = (text = '') => text.match(/^menuentry .*/gm) ?? [];
    expect(entries(after).slice(1)).toEqual(entries(before));
    expect(entries(after)[0]).toContain('--id micro-linux');
    expect(after).toContain('set default="micro-linux"\n');
    const report = lintSeed(after ?? '', { file: 'grub.cfg', installer: 'subiquity' });
    expect(report).toMatchObject({ form: 'boot-config', findings: [] });
    await run('grub-script-check', [at(`${edition.release}.after/${menu}`)]);
  });

  test('the installer finds the source of micro-linux, the only default', async () => {
    const text = await readFile(at(`${edition.release}.after/casper/install-sources.yaml`), 'utf8');
    const sources = readInstallSources(text);
    expect(sources.map((source) => [source.id, source['default']])).toEqual([
      ['ubuntu-server-minimal', false],
      ['ubuntu-server', false],
      ['micro-linux', true],
    ]);
    const tree = at(`${edition.release}.after`);
    const root = join(tree, 'casper', sources[2]?.path ?? '');
    const { stdout } = await run('unsquashfs', ['-ll', root]);
    expect(stdout).toMatch(/^-rwxr-xr-x root\/root .* squashfs-root\/curtin\/curtin-hooks$/m);
    expect(stdout).not.toMatch(/squashfs-root\/(?:snaps|cdrom|system-data)/);
  });

  test('the seed is in both places', async () => {
    const tree = at(`${edition.release}.after`);
    const read = (name: string) => readFile(join(tree, name), 'utf8');
    const seed = parseSeed(await read('autoinstall.yaml'), 'autoinstall.yaml').seed;
    const userData = parseSeed(await read('nocloud/user-data'), 'user-data').seed;
    expect(seed?.autoinstall).toMatchObject({ source: { id: 'micro-linux' } });
    expect(userData?.document).toEqual({ autoinstall: seed?.autoinstall });
    expect(await read('nocloud/meta-data')).toContain('instance-id: ');
  });

  test('new files belong to root, readable by all, writable by nobody', async () => {
    const find = ['-find', '/micro-linux', '-exec', 'lsdl', '--'];
    const { stdout } = await run('xorriso', ['-indev', made.result, ...find]);
    const entries = stdout.trim().split('\n');
    const executable = entries.filter((line) => line.startsWith('-r-xr-xr-x '));
    expect(executable.map((line) => line.split("'")[1]).sort()).toEqual([
      '/micro-linux/install',
      '/micro-linux/node',
    ]);
    expect(entries.filter((line) => !/^(?:d|-)r-.r-.r-. +1 0 +0 /.test(line))).toEqual([]);
  });

  test('a remaster is not remastered again', async () => {
    await expect(
      remasterOf(made.result, { scratch, output: at('twice.iso') }),
    ).rejects.toMatchObject({ code: 'source-iso-remastered' });
  });
});

test.skipIf(skipped)('--slim leaves out packages, but no part of the live system', async () => {
  const { before, after } = await remastered(SERVER_24_04_2, 'slim', true);
  const lost = [...before.keys()].filter((path) => !after.has(path));
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.filter((path) => !/^(?:pool|dists)\//.test(path))).toEqual([]);
  expect([...after.keys()].filter((path) => /^(?:pool|dists)\//.test(path))).toEqual([]);
  const tree = at('slim.after');
  await run('md5sum', ['--check', '--quiet', '--strict', 'md5sum.txt'], { cwd: tree });
});
