import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Runner, run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import {
  type Edition,
  makeUbuntuIso,
  remasterOf,
  SERVER_24_04,
  SERVER_24_04_2,
  standInPayload,
} from '../harness/ubuntu-iso/index.ts';

const skipped = await whySkipped('ISOs that are not remastered');

let scratch: string;
const at = (name: string) => join(scratch, name);

beforeAll(async () => {
  scratch = await makeScratch('remaster-refusals');
});
afterAll(() => removeScratch(scratch));

describe.skipIf(skipped)('refused, with nothing written', () => {
  const refusal = async (
    edition: Edition,
    change?: (tree: string) => Promise<void>,
  ): Promise<unknown> => {
    const source = at('refused.iso');
    await makeUbuntuIso({ edition, output: source, scratch, run, ...(change ? { change } : {}) });
    return refusalOf(source);
  };
  const refusalOf = async (source: string, more: { sha256?: string } = {}): Promise<unknown> => {
    const output = at('refused.out.iso');
    const error = await remasterOf(source, { scratch, output, ...more }).catch(
      (thrown: unknown) => thrown,
    );
    await expect(stat(output)).rejects.toThrow();
    return error;
  };
  const remove = (path: string) => (tree: string) =>
    run('rm', ['-r', join(tree, path)]).then(() => undefined);

  test.each([
    ['source-iso-desktop', { ...SERVER_24_04_2, product: 'Ubuntu' }],
    ['source-iso-release', { ...SERVER_24_04, release: '22.04.4', codename: 'Jammy Jellyfish' }],
    ['source-iso-release', { ...SERVER_24_04, release: '26.04', codename: 'Another One' }],
    ['source-iso-architecture', { ...SERVER_24_04, architecture: 'arm64' }],
  ] as const)('%s', async (code, edition) => {
    expect(await refusal(edition)).toMatchObject({ code, exitCode: 2, hint: expect.any(String) });
  });

  test.each([
    ['source-iso-unknown', '.disk/info'],
    ['source-iso-incomplete', 'casper/install-sources.yaml'],
    ['source-iso-incomplete', 'casper/ubuntu-server-minimal.squashfs'],
    ['source-iso-incomplete', 'casper/ubuntu-server-minimal.ubuntu-server.installer.squashfs'],
    ['source-iso-incomplete', 'boot/grub/grub.cfg'],
  ])('%s: without %s', async (code, path) => {
    expect(await refusal(SERVER_24_04_2, remove(path))).toMatchObject({ code });
  });

  test("somebody else's remaster", async () => {
    const error = await refusal(SERVER_24_04, async (tree) => {
      await writeFile(join(tree, 'autoinstall.yaml'), 'version: 1\n');
    });
    expect(error).toMatchObject({ code: 'source-iso-remastered' });
  });

  test('a truncated download, by one sector and by half', async () => {
    const source = at('cut.iso');
    await makeUbuntuIso({ edition: SERVER_24_04, output: source, scratch, run });
    const { size } = await stat(source);
    for (const bytes of [size - 512, Math.floor(size / 2)]) {
      await truncate(source, bytes);
      expect(await refusalOf(source)).toMatchObject({ code: 'source-iso-truncated' });
    }
    await truncate(source, 4096);
    expect(await refusalOf(source)).toMatchObject({ code: 'source-iso-no-iso' });
  });

  test('a file with another checksum, a missing file, and a file that is not an ISO', async () => {
    const source = at('sum.iso');
    await makeUbuntuIso({ edition: SERVER_24_04, output: source, scratch, run });
    const sha256 = (await run('sha256sum', [source])).stdout.slice(0, 64);
    expect(await refusalOf(source, { sha256: 'f'.repeat(64) })).toMatchObject({
      code: 'source-iso-checksum',
    });
    await remasterOf(source, { scratch, output: at('sum.out.iso'), sha256: sha256.toUpperCase() });
    expect(await refusalOf(at('nowhere.iso'))).toMatchObject({ code: 'source-iso-missing' });
    await writeFile(at('text.iso'), 'text'.repeat(100_000));
    expect(await refusalOf(at('text.iso'))).toMatchObject({ code: 'source-iso-no-iso' });
  });
});

test.skipIf(skipped).each(['before xorriso runs', 'when all is written'])(
  'Ctrl-C %s leaves the previous file, and nothing else',
  async (moment) => {
    const source = at('cancelled.iso');
    const output = at('cancelled.out.iso');
    await makeUbuntuIso({ edition: SERVER_24_04, output: source, scratch, run });
    await writeFile(output, 'the one before');
    await standInPayload(at('payload'));
    const before = (await run('ls', ['-A', scratch])).stdout;
    const controller = new AbortController();
    const cutting: Runner = async (file, args, options) => {
      if (!args.includes('-outdev')) {
        return run(file, args, options);
      }
      const result = moment === 'when all is written' ? await run(file, args, options) : undefined;
      controller.abort();
      return result ?? run(file, args, options);
    };
    await expect(
      remasterOf(source, { scratch, output, signal: controller.signal, run: cutting }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readFile(output, 'utf8')).toBe('the one before');
    expect((await run('ls', ['-A', scratch])).stdout).toBe(before);
  },
);
