import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { run } from '@micro-linux/core';
import { installManifestSchema, MediumPath, readInstallSeed } from '@micro-linux/provision';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debugfs } from '../harness/cli/debugfs.ts';
import { cutPartition, partitionDigest, type RawDisk, unpackDisk } from '../harness/cli/disk.ts';
import { microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('a signed update');

/** What a build leaves, without a boot: disk and update of one image, keys where they belong. */
describe.skipIf(skipped !== undefined)('an update and its disk', () => {
  let product: string;
  let artifacts: string;
  let update: string;
  let record: BuildRecord;
  let disk: RawDisk;

  const options = () => [
    ...['--config', join(product, 'micro-linux.yaml'), '--artifacts', artifacts],
    ...['--image-version', '1.0.0', '--rollback-index', '2'],
  ];
  const readRecord = async () =>
    JSON.parse(await readFile(join(artifacts, 'build.json'), 'utf8')) as BuildRecord;

  beforeAll(async () => {
    product = await makeScratch('product');
    artifacts = join(product, 'artifacts');
    update = join(artifacts, 'micro-linux-bookworm.update.img');
    await writeFile(join(product, 'micro-linux.yaml'), 'profile: bookworm\n');
    const { stderr } = await microLinux(['build', ...options()]);
    expect(stderr).toContain(`made a development key, ${join(product, 'keys/development.pem')}`);
    record = await readRecord();
    disk = await unpackDisk(join(artifacts, 'micro-linux-bookworm.qcow2'), product);
  });
  afterAll(() => removeScratch(product));

  async function cut(name: string, bytes: number): Promise<string> {
    const found = record.partitions.find((partition) => partition.name === name);
    const file = join(product, `${name}.img`);
    await cutPartition(
      disk,
      { startSector: found?.startSector ?? 0, sectors: Math.ceil(bytes / 512) },
      file,
    );
    return file;
  }

  it('contain the same slot image, byte for byte, as unpacked by zstd', async () => {
    // zstd does not read links.
    const file = await realpath(update);
    const { stdout } = await run('sh', ['-c', 'zstd -dc "$1" | sha256sum', 'sh', file]);
    expect(stdout.split(' ')[0]).toBe(record.slot.sha256);
    const rootA = record.partitions.find(({ name }) => name === 'rootA');
    expect(
      await partitionDigest(disk, rootA ?? record.partitions[0] ?? never(), record.slot.bytes),
    ).toBe(record.slot.sha256);
  });

  it('are both listed, and not rebuilt', async () => {
    expect(record.artifacts.map(({ kind }) => kind)).toEqual([
      'qcow2',
      'update',
      ...['seed', 'seed', 'seed'],
      'iso',
    ]);
    expect(record).toMatchObject({ developmentKey: true, rollbackIndex: 2 });
    expect(await microLinuxJson(['build', ...options()])).toMatchObject({ cached: true });
  });

  it('the slot contains the trusted key and the defaults of the agent', async () => {
    const slot = await cut('rootA', record.slot.bytes);
    const cat = (path: string) => debugfs(slot, `cat ${path}`);
    const [keyId] = record.trustedKeys;
    expect(await cat(`/usr/lib/ota-agent/keys/${keyId}.pem`)).toBe(
      await readFile(join(product, 'keys/development.pub.pem'), 'utf8'),
    );
    expect(await cat('/usr/lib/ota-agent/config.yaml')).toContain('threshold: 1');
    expect(await cat('/usr/lib/ota-agent/revoked-keys')).toMatch(/^#.*\n$/);
    expect(JSON.parse(await cat('/usr/lib/micro-linux/image.json'))).toMatchObject({
      schema: 1,
      version: '1.0.0',
      rollbackIndex: 2,
    });
  });

  it('the data partition records what slot A contains, readable only by root', async () => {
    const data = await cut('data', 256 * 1024 * 1024);
    const state = '/var/lib/ota-agent';
    const head = join(product, 'A.head');
    await debugfs(data, `dump ${state}/slots/A.head ${head}`);
    const bytes = await readFile(head);
    expect((await readFile(update)).subarray(0, bytes.length)).toEqual(bytes);
    expect(bytes.length).toBeGreaterThan(0);
    expect(await debugfs(data, `cat ${state}/rollback-index`)).toBe('2\n');
    const modes = { [state]: '0700', [`${state}/slots/A.head`]: '0600' };
    for (const [path, mode] of Object.entries(modes)) {
      const about = await debugfs(data, `stat ${path}`);
      expect(about).toMatch(new RegExp(`Mode: +${mode}`));
      expect(about).toMatch(/User: +0 +Group: +0 /);
    }
  });

  it('the seed has the login of the disk, and is rebuilt alone when it is missing', async () => {
    const seed = join(artifacts, 'autoinstall/autoinstall.yaml');
    const hash = async () =>
      readInstallSeed(await readFile(seed, 'utf8'), seed).identity.passwordHash ?? '';
    expect((await stat(seed)).mode & 0o777).toBe(0o600);
    const data = await cut('data', 256 * 1024 * 1024);
    expect(await debugfs(data, 'cat /etc/upper/shadow')).toContain(`micro:${await hash()}:`);

    await rm(seed);
    expect(await microLinuxJson(['build', ...options()])).toMatchObject({
      cached: false,
      record: { build: record.build },
    });
    const [, password = ''] =
      /^password: (.*)$/m.exec(await readFile(join(artifacts, 'credentials.txt'), 'utf8')) ?? [];
    const [, , salt = ''] = (await hash()).split('$');
    const args = ['passwd', '-6', '-salt', salt, '-stdin'];
    expect((await run('openssl', args, { input: password })).stdout.trim()).toBe(await hash());
    const disks = ({ artifacts: made }: BuildRecord) =>
      made.filter(({ kind }) => !['seed', 'iso'].includes(kind));
    expect(disks(await readRecord())).toEqual(disks(record));
    record = await readRecord();
  });

  it('the ISO contains the same update and seed, and its list of files is right', async () => {
    const iso = join(artifacts, 'micro-linux-bookworm.iso');
    expect((await stat(iso)).mode & 0o777).toBe(0o600);
    const out = join(product, 'medium');
    await run('xorriso', [
      ...['-osirrox', 'on:auto_chmod_off', '-indev', iso],
      ...[MediumPath.manifest, MediumPath.update, MediumPath.esp, MediumPath.seed].flatMap(
        (path) => [...['-extract', path, join(out, path)]],
      ),
    ]);
    const on = (path: string) => readFile(join(out, path));
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect((await on(MediumPath.update)).equals(await readFile(update))).toBe(true);
    const seed = await readFile(join(artifacts, 'autoinstall/autoinstall.yaml'));
    expect((await on(MediumPath.seed)).equals(seed)).toBe(true);
    const manifest = installManifestSchema.parse(
      JSON.parse((await on(MediumPath.manifest)).toString()),
    );
    const image = zstdDecompressSync(await on(MediumPath.esp));
    expect(manifest).toMatchObject({
      version: '1.0.0',
      buildId: record.buildId,
      files: {
        update: { sha256: sha256(await readFile(update)) },
        esp: { imageBytes: image.length, imageSha256: sha256(image) },
      },
    });
  });

  it('do not contain the private key, nor do cache and log', async () => {
    await cut('data', 256 * 1024 * 1024);
    const pem = await readFile(join(product, 'keys/development.pem'), 'utf8');
    const base64 = pem.split('\n')[1]?.slice(24) ?? '';
    const patterns = join(product, 'patterns');
    await writeFile(patterns, `${base64}\n`);
    const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'micro-linux');
    // Every file since the config was written: those of the product, and this build's in the cache.
    const found = await run('find', [
      ...[product, cache, '-type', 'f', '-newer', join(product, 'micro-linux.yaml')],
      ...['!', '-name', 'disk.raw', '!', '-name', 'patterns'],
      ...['-exec', 'sh', '-c', 'grep -laF -f "$@" || :', 'sh', patterns, '{}', '+'],
    ]);
    expect(found.stdout.trim()).toBe(join(product, 'keys/development.pem'));
    expect((await stat(join(product, 'keys/development.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(product, 'keys'))).mode & 0o777).toBe(0o700);
  });

  it('an update of a later version changes nothing of the earlier one', async () => {
    const first = await realpath(update);
    const password = await readFile(join(artifacts, 'credentials.txt'), 'utf8');
    const later = await microLinuxJson(['update', ...options().with(5, '1.1.0')]);
    expect(later).toMatchObject({ record: { version: '1.1.0', artifacts: [{ kind: 'update' }] } });
    expect(await readRecord()).toEqual(record);
    const inspected = (path: string) => microLinuxJson(['inspect', path, ...options().slice(0, 2)]);
    expect(await inspected(update)).toMatchObject({
      trusted: true,
      manifest: { version: '1.1.0' },
    });
    expect(await inspected(first)).toMatchObject({
      ...{ trusted: true, unchanged: true, manifest: { version: '1.0.0' } },
    });
    // Nothing is missing, so the short names only lead to it again.
    expect(await microLinuxJson(['build', ...options()])).toMatchObject({ cached: true });
    expect(await realpath(update)).toBe(first);
    expect(await readRecord()).toEqual(record);
    expect(await readFile(join(artifacts, 'credentials.txt'), 'utf8')).toBe(password);
  });

  it('a product with its own keys signs elsewhere, and gets no development key', async () => {
    const own = join(product, 'own');
    await mkdir(own);
    await microLinuxJson(['keygen', join(own, 'signing.pem')]);
    const config = join(own, 'micro-linux.yaml');
    await writeFile(config, 'profile: bookworm\nupdate: {trustedKeys: [signing.pub.pem]}\n');
    const place = ['--config', config, '--artifacts', join(own, 'artifacts')];
    const refused = await microLinux(['build', ...place, '--json']);
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'signing-key-missing', exitCode: 2 });

    await microLinuxJson(['build', '--detached', ...place]);
    const unsigned = join(own, 'artifacts/micro-linux-bookworm.update.img');
    const signature = join(own, 'signature');
    await run('openssl', [
      ...['pkeyutl', '-sign', '-rawin', '-inkey', join(own, 'signing.pem')],
      ...['-in', `${unsigned}.manifest`, '-out', signature],
    ]);
    await microLinuxJson([
      ...['attach', unsigned, '--signature', signature],
      ...['--public-key', join(own, 'signing.pub.pem')],
    ]);
    expect(await microLinuxJson(['inspect', unsigned, '--config', config])).toMatchObject({
      trusted: true,
      unchanged: true,
    });
    // What is signed can go onto an ISO; all else stays.
    const { record: signed } = (await microLinuxJson([
      'build',
      '--detached',
      ...place,
    ])) as unknown as {
      record: BuildRecord;
    };
    expect(signed.developmentKey).toBe(false);
    expect(signed.artifacts.map(({ kind }) => kind)).toContain('iso');
    expect(signed.steps.map(({ id }) => id)).not.toContain('update');
    expect(await microLinuxJson(['build', '--detached', ...place])).toMatchObject({ cached: true });
    expect(await readdir(own)).not.toContain('keys');
  });
});

function never(): never {
  throw new Error('build.json lists no partition');
}
