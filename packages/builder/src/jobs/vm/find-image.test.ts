import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findImage } from './find-image.ts';

let artifacts: string;
beforeEach(async () => {
  artifacts = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(artifacts, { recursive: true, force: true }));

async function built(name: string, modified: number): Promise<void> {
  await writeFile(join(artifacts, name), '');
  await utimes(join(artifacts, name), modified, modified);
}

test('without a name, uses the newest artifact', async () => {
  await built('micro-linux-noble.qcow2', 100);
  await built('micro-linux-bookworm.qcow2', 200);
  await built('micro-linux-trixie.qcow2.new', 300);
  await built('other.qcow2', 300);
  await expect(findImage({ artifacts, cwd: '/' })).resolves.toBe(
    join(artifacts, 'micro-linux-bookworm.qcow2'),
  );
  await expect(findImage({ artifacts, cwd: '/', profile: 'noble' })).resolves.toBe(
    join(artifacts, 'micro-linux-noble.qcow2'),
  );
});

async function recorded(...files: readonly string[]): Promise<void> {
  const record = { schema: 1, artifacts: files.map((file) => ({ file })) };
  await writeFile(join(artifacts, 'build.json'), JSON.stringify(record));
}

test('accepts any format that opens as a disk', async () => {
  await built('micro-linux-noble.qcow2', 100);
  await built('micro-linux-bookworm.vhdx', 200);
  await expect(findImage({ artifacts, cwd: '/' })).resolves.toBe(
    join(artifacts, 'micro-linux-bookworm.vhdx'),
  );
});

test('prefers qcow2 among the formats of a build, and uses a compressed one only if it is the only one', async () => {
  await built('micro-linux-noble.qcow2', 100);
  await built('micro-linux-noble.raw.zst', 101);
  await built('micro-linux-noble.vmdk', 102);
  await built('micro-linux-trixie.raw.zst', 300);
  await recorded('micro-linux-noble.qcow2', 'micro-linux-noble.raw.zst', 'micro-linux-noble.vmdk');
  const noble = { artifacts, cwd: '/', profile: 'noble' };
  await expect(findImage(noble)).resolves.toBe(join(artifacts, 'micro-linux-noble.qcow2'));
  await expect(findImage({ artifacts, cwd: '/' })).resolves.toBe(
    join(artifacts, 'micro-linux-trixie.raw.zst'),
  );
});

test('does not use the disk of an older build as the newest', async () => {
  await built('micro-linux-noble.qcow2', 100);
  await built('micro-linux-noble.raw', 200);
  await recorded('micro-linux-noble.raw');
  await expect(findImage({ artifacts, cwd: '/' })).resolves.toBe(
    join(artifacts, 'micro-linux-noble.raw'),
  );
});

test('does not unpack a compressed disk twice', async () => {
  await built('micro-linux-noble.raw.zst', 200.5);
  await built('micro-linux-noble.raw', 200);
  await recorded('micro-linux-noble.raw.zst');
  await expect(findImage({ artifacts, cwd: '/' })).resolves.toBe(
    join(artifacts, 'micro-linux-noble.raw'),
  );
});

test('finds the files that links lead to, and ignores what was removed', async () => {
  for (const name of ['one_1.0.0_noble', 'two_1.0.0_noble', 'gone_1.0.0_noble']) {
    await mkdir(join(artifacts, name));
    await built(`${name}/${name}.qcow2`, 100);
  }
  await built('two_1.0.0_noble/two_1.0.0_noble.raw.zst', 200);
  await built('two_1.0.0_noble/two_1.0.0_noble.raw', 200);
  const link = (to: string, name: string) => symlink(to, join(artifacts, name));
  await link('one_1.0.0_noble/one_1.0.0_noble.qcow2', 'micro-linux-noble.qcow2');
  await link('gone_1.0.0_noble/gone_1.0.0_noble.qcow2', 'micro-linux-bookworm.qcow2');
  await rm(join(artifacts, 'gone_1.0.0_noble'), { recursive: true });
  const one = join(artifacts, 'one_1.0.0_noble/one_1.0.0_noble.qcow2');
  const find = { artifacts, cwd: artifacts };
  await expect(findImage(find)).resolves.toBe(one);
  await expect(findImage({ ...find, image: 'micro-linux-noble.qcow2' })).resolves.toBe(one);
  await link('two_1.0.0_noble/two_1.0.0_noble.raw.zst', 'micro-linux-noble.raw.zst');
  await expect(findImage(find)).resolves.toBe(
    join(artifacts, 'two_1.0.0_noble/two_1.0.0_noble.raw'),
  );
});

test('finds a named image from the working directory', async () => {
  await built('mine.img', 1);
  await expect(findImage({ artifacts: '/none', cwd: artifacts, image: 'mine.img' })).resolves.toBe(
    join(artifacts, 'mine.img'),
  );
});

test.each([
  [{}, './micro-linux build'],
  [{ profile: 'noble' }, './micro-linux build --profile noble'],
  [{ image: 'gone.qcow2' }, './micro-linux build'],
])('no image for %j says which command builds one', async (choice, hint) => {
  await expect(findImage({ artifacts, cwd: '/', ...choice })).rejects.toMatchObject({
    code: 'image-missing',
    hint,
  });
});
