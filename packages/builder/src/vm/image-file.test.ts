import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findImage } from './image-file.ts';

let artifacts: string;
beforeEach(async () => {
  artifacts = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
});
afterEach(() => rm(artifacts, { recursive: true, force: true }));

async function built(name: string, modified: number): Promise<void> {
  await writeFile(join(artifacts, name), '');
  await utimes(join(artifacts, name), modified, modified);
}

test('without a name the newest artifact is taken, and nothing else', async () => {
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

test('a named image is found from the working directory', async () => {
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
