import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debugfs } from '../harness/cli/debugfs.ts';
import { unpackDisk } from '../harness/cli/disk.ts';
import { ROOT } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const isRoot = process.getuid?.() === 0;
const missing = await whySkipped('a build by an ordinary user');
const reason =
  missing ?? (isRoot ? undefined : 'only root can become another user; all stories ran as one');

/** The other stories run as the user who runs the tests; this one shows that root is not needed. */
describe.skipIf(reason !== undefined)('an ordinary user', () => {
  const user = `micro-linux-e2e-${process.pid}`;
  let home: string;

  beforeAll(async () => {
    home = await makeScratch('user');
    // useradd gives subordinate ids by itself on Debian and Ubuntu.
    await run('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/sh', user]);
    await run('chown', [user, home]);
  });
  afterAll(async () => {
    await run('userdel', [user]);
    await removeScratch(home);
  });

  it('builds a disk whose files have the right owners', async () => {
    // A copy, as the user cannot write to the checkout of root, and may not even see it.
    // What other stories write meanwhile stays behind.
    const copy = join(home, 'checkout');
    const left = ['.git', 'artifacts', 'keys', 'node_modules/.cache', 'node_modules/.vite*'];
    const excluded = left.map((path) => `--exclude=./${path}`);
    const archive = join(home, 'checkout.tar');
    await run('tar', ['-C', ROOT, '-cf', archive, ...excluded, '.']);
    await run('mkdir', [copy]);
    await run('tar', ['-C', copy, '-xf', archive]);
    await rm(archive);
    await run('chown', ['--recursive', '--no-dereference', user, copy]);
    const asUser = (command: string) =>
      run('setpriv', [
        `--reuid=${user}`,
        `--regid=${user}`,
        '--clear-groups',
        '--reset-env',
        'sh',
        '-c',
        command,
      ]);
    const { stdout } = await asUser(
      `cd '${copy}' && ./micro-linux build --profile bookworm --json --artifacts '${home}/artifacts'`,
    );
    const record = (JSON.parse(stdout) as { record: BuildRecord }).record;
    const disk = await unpackDisk(join(home, 'artifacts/micro-linux-bookworm.qcow2'), home);
    await run('sgdisk', ['-v', disk.path]);

    const rootA = record.partitions.find(({ name }) => name === 'rootA');
    const slot = join(home, 'slot.img');
    await run('dd', [
      `if=${disk.path}`,
      `of=${slot}`,
      'bs=1M',
      'conv=sparse',
      'status=none',
      'iflag=skip_bytes,count_bytes',
      `skip=${(rootA?.startSector ?? 0) * 512}`,
      `count=${record.slot.bytes}`,
    ]);
    await run('e2fsck', ['-fn', slot]);
    const owner = async (path: string) =>
      /User: +(\d+) +Group: +(\d+)/.exec(await debugfs(slot, `stat ${path}`))?.slice(1, 3);
    expect(await owner('/etc/passwd')).toEqual(['0', '0']);
    expect(await owner('/etc/shadow')).toEqual(['0', '42']);
    expect(await owner('/usr/lib/ota-agent/node')).toEqual(['0', '0']);
    expect(await debugfs(slot, 'stat /usr/bin/sudo')).toMatch(/Mode: {2}04755/);
  });
});
