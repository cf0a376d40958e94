import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExitCode, run } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import { generateKeyPair, parsePrivateKey, signManifest } from '@micro-linux/update-image/write';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { outputProblem } from '../../cli/json/outputs.ts';
import { inspect } from '../../jobs/inspect/inspect.ts';
import { runAttach } from '../../jobs/update/run-attach.ts';
import { listeningReporter } from '../../keys/testing.ts';
import { isoPlaces, overwriteIsoFile } from './iso-file.ts';
import { mediumStep } from './medium-step.ts';

const MINE = generateKeyPair();
const OTHER = generateKeyPair();
const KEY = parsePrivateKey(MINE.privatePem, 'a key of the test');
const signal = new AbortController().signal;

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'iso-medium-'));
  await given('mine.pub.pem', MINE.publicPem);
  await given('other.pub.pem', OTHER.publicPem);
});
afterEach(() => rm(scratch, { recursive: true }));

async function given(name: string, content: string): Promise<string> {
  const path = join(scratch, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** An ISO with all signed files, and one that is not signed. */
async function makeIso(signs: boolean): Promise<string> {
  const seed = {
    autoinstall: await given('autoinstall.yaml', 'seed'),
    userData: await given('user-data', 'user'),
    metaData: await given('meta-data', 'meta'),
  };
  const step = mediumStep({
    about: {
      ...{ compatible: 'box', version: '1.2.3', profile: 'noble', buildId: 'id' },
      disk: { espBytes: 1, slotBytes: 1 },
    },
    update: await given('update.img', 'UPDATE'.repeat(1000)),
    esp: await given('esp.img', 'ESP'),
    esp4k: await given('esp4k.img', 'ESP4K'),
    biosGrub: { bootCode: await given('b.img', 'BOOT'), core: await given('c.img', 'CORE') },
    seed,
    others: [{ path: '/boot/grub/grub.cfg', file: await given('grub.cfg', 'menu') }],
    keys: [],
    needs: [],
    signer: signs
      ? { keyId: KEY.keyId, title: 'a key', sign: async (bytes) => signManifest(bytes, KEY.key) }
      : undefined,
  });
  const outputDirectory = join(scratch, 'medium');
  await rm(outputDirectory, { recursive: true, force: true });
  await mkdir(outputDirectory);
  await step.run({
    ...{ run, signal, progress: () => {}, logFile: join(scratch, 'log'), outputDirectory },
    workDirectory: scratch,
  });
  const iso = join(scratch, 'box.iso');
  await writeFile(iso, '', { mode: 0o600 });
  const placed = [
    ...step.result(outputDirectory),
    { path: MediumPath.seed, file: seed.autoinstall },
    { path: MediumPath.userData, file: seed.userData },
    { path: MediumPath.metaData, file: seed.metaData },
    { path: '/boot/grub/grub.cfg', file: join(scratch, 'grub.cfg') },
    { path: '/README', file: await given('readme', 'not signed') },
  ];
  await run('xorriso', [
    ...['-no_rc', '-as', 'mkisofs', '-quiet', '-r', '-iso-level', '3', '-o', iso, '-graft-points'],
    ...placed.map(({ path, file }) => `${path}=${file}`),
  ]);
  return iso;
}

function context() {
  const reporter = listeningReporter();
  const results: object[] = [];
  const result = (human: string, data: object) => {
    reporter.said.push(human);
    results.push(data);
  };
  const env = { PATH: process.env['PATH'] };
  const world = { reporter: { ...reporter, result }, signal, cwd: scratch, env, root: scratch };
  return { said: reporter.said, results, ...world, interactive: false, mayShowSecrets: false };
}

async function inspected(iso: string, key = 'mine.pub.pem') {
  const world = context();
  const exitCode = await inspect(world, iso, { publicKey: [key] });
  const [data = {}] = world.results;
  expect(outputProblem('inspect', { schema: 1, ok: true, ...data }, exitCode)).toBeUndefined();
  return { exitCode, text: world.said.join('\n'), data };
}

it('every file is checked with external keys', async () => {
  const iso = await makeIso(true);
  const { exitCode, text, data } = await inspected(iso);
  expect(text).toContain('9 files');
  expect(text).toContain('not signed: /README, and the boot sectors');
  expect(data).toMatchObject({ kind: 'medium', trusted: true, changed: [], unsigned: ['/README'] });
  expect(exitCode).toBe(ExitCode.done);
});

it.each([
  MediumPath.seed,
  MediumPath.esp,
  MediumPath.bootCode,
  MediumPath.update,
  '/boot/grub/grub.cfg',
])('shows that %s was changed', async (path) => {
  const iso = await makeIso(true);
  const place = (await isoPlaces(iso, { run, signal })).get(path);
  await overwriteIsoFile(iso, place ?? never(), Buffer.alloc(place?.bytes ?? 0, 'x'));
  const { exitCode, data } = await inspected(iso);
  expect(data).toMatchObject({ ok: false, code: 'medium-damaged', changed: [path], exitCode: 5 });
  expect(exitCode).toBe(ExitCode.rejected);
});

it('is not trusted with another key, or with another list of files', async () => {
  const iso = await makeIso(true);
  expect(await inspected(iso, 'other.pub.pem')).toMatchObject({
    exitCode: 5,
    data: { ok: false, code: 'key-unknown', trusted: false },
  });
  const place = (await isoPlaces(iso, { run, signal })).get(MediumPath.manifest) ?? never();
  const text = await readFile(join(scratch, 'medium/install.json'), 'utf8');
  await overwriteIsoFile(iso, place, Buffer.from(text.replace('1.2.3', '9.9.9')));
  expect(await inspected(iso)).toMatchObject({
    exitCode: 5,
    data: { ok: false, code: 'signature-invalid' },
  });
});

it('is signed in place, with signatures made elsewhere by other tools', async () => {
  const iso = await makeIso(false);
  expect(await inspected(iso)).toMatchObject({ exitCode: 5, data: { code: 'signature-missing' } });
  const key = await given('mine.pem', MINE.privatePem);
  const signature = join(scratch, 'signature');
  const sign = ['pkeyutl', '-sign', '-rawin', '-inkey', key, '-out', signature];
  await run('openssl', [...sign, '-in', join(scratch, 'medium/install.json')]);
  const before = await stat(iso);
  await runAttach(context(), iso, { signature: [signature], publicKey: ['mine.pub.pem'] });
  const after = await stat(iso);
  expect([after.size, after.mode & 0o777]).toEqual([before.size, 0o600]);
  expect(await inspected(iso)).toMatchObject({ exitCode: 0, data: { trusted: true } });

  await run('openssl', [...sign, '-in', join(scratch, 'readme')]);
  await expect(
    runAttach(context(), iso, { signature: [signature], publicKey: ['mine.pub.pem'] }),
  ).rejects.toMatchObject({ code: 'signature-invalid' });
});

it('that is not ours is recognized', async () => {
  const iso = join(scratch, 'other.iso');
  await run('xorriso', [
    ...['-no_rc', '-as', 'mkisofs', '-quiet', '-r', '-o', iso, '-graft-points'],
    `/README=${await given('readme', 'text')}`,
  ]);
  await expect(inspected(iso)).rejects.toMatchObject({ code: 'no-medium', exitCode: 2 });
});

function never(): never {
  throw new Error('the ISO has no such file');
}
