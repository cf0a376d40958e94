import { open, readdir, truncate, writeFile } from 'node:fs/promises';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGE_INFO, type UpdateFolder, updateFolder } from './update-folder.ts';

let folder: UpdateFolder;
beforeAll(async () => {
  folder = await updateFolder();
});
afterAll(() => folder.remove());

const OUTPUT = 'y.update.img';
const sign = (image: string, ...more: readonly string[]) =>
  folder.json('update', '--slot-image', image, '--output', OUTPUT, '--key', 'a.pem', ...more);

async function refused(code: string, image: string, ...more: readonly string[]) {
  const error = await sign(image, ...more);
  expect(error).toMatchObject({ ok: false, code, hint: expect.any(String) });
  expect(await readdir(folder.path)).not.toContain(OUTPUT);
  return error;
}

describe('never signs what is not our slot image', () => {
  it.each(['/etc/passwd', '/dev/null', '.', 'x.pem', 'noise'])('%s', async (image) => {
    await writeFile(folder.at('noise'), Buffer.alloc(100_000, 'noise'));
    const code = image === 'x.pem' ? 'slot-image-unreadable' : 'slot-image-invalid';
    expect(await refused(code, image)).toMatchObject({ exitCode: 2 });
  });

  it('the raw disk that contains the slot', async () => {
    await run('sh', ['-c', 'head -c 1048576 /dev/zero | cat - slot.ext4 > disk.raw'], {
      cwd: folder.path,
    });
    await refused('slot-image-invalid', 'disk.raw');
  });

  it.each([
    ['an ext2 one', ['-t', 'ext2']],
    ['an empty ext4 one', ['-t', 'ext4']],
    ['an empty ext4 one of 64 bit', ['-t', 'ext4', '-O', '64bit']],
  ])('another file system: %s', async (_name, options) => {
    await run('mke2fs', ['-q', '-F', ...options, folder.at('other.img'), '8M']);
    await refused('slot-image-invalid', 'other.img');
  });

  it('a truncated one', async () => {
    await run('cp', [folder.at('slot.ext4'), folder.at('short.ext4')]);
    await truncate(folder.at('short.ext4'), 5_000_000);
    expect((await refused('slot-image-invalid', 'short.ext4'))['why']).toContain('cut off');
  });

  it.each([
    ['{}'],
    ['not json'],
    [JSON.stringify({ ...IMAGE_INFO, schema: 2 })],
    [JSON.stringify({ ...IMAGE_INFO, buildId: '' })],
  ])('one whose image.json is %s', async (text) => {
    await refused('slot-image-invalid', await imageWith('bad.ext4', text));
  });

  it('one that is larger than its slot', async () => {
    const image = await imageWith('large.ext4', JSON.stringify(IMAGE_INFO), '90M');
    await refused('image-too-large', image, '--slot-size', '64M', '--disk-size', '1G');
    expect(
      await sign(image, '--slot-size', '128M', '--disk-size', '1G', '--dry-run'),
    ).toMatchObject({ ok: true });
  });

  it.each([
    ['--image-version', '9.9.9'],
    ['--compatible', 'another-product'],
    ['--rollback-index', '4'],
    ['--profile', 'trixie'],
  ])('one that differs from %s %s', async (flag, value) => {
    const error = await refused('slot-image-differs', 'slot.ext4', flag, value);
    expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining(flag) });
    expect(error['why']).toContain(value);
  });
});

async function imageWith(name: string, info: string, size = '8M'): Promise<string> {
  await writeFile(folder.at('tree/usr/lib/micro-linux/image.json'), info);
  const file = await open(folder.at(name), 'w');
  await file.close();
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-d', folder.at('tree'), folder.at(name), size]);
  return name;
}
