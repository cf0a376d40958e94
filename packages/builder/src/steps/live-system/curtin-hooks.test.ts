import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeTargetRoot } from '../../jobs/remaster/target/make-target-root.ts';
import { liveFile } from './live-file.ts';
import { canMount, inNamespace } from './staged-medium.testdata.ts';

const mounts = await canMount();
if (!mounts) {
  console.warn('SKIPPED: curtin-hooks: no mount namespace can be made here');
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'curtin-hooks-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Copies the source to a target as curtin does, runs the hook as curtin does, then `script`. */
async function inTarget(script: string, env = 'TARGET_MOUNT_POINT="$target"') {
  const hook = liveFile('curtin-hooks');
  const signal = new AbortController().signal;
  const options = { hook, scratch: directory, sourceDateEpoch: 1_767_225_600 };
  const { file } = await makeTargetRoot(options, run, signal);
  const target = join(directory, 'target');
  await mkdir(target);
  const before = `
set -eu
target='${target}'
mount -t tmpfs tmpfs "$target"
mount -t tmpfs tmpfs /run
unsquashfs -quiet -no-progress -force -dest "$target" '${file}' >/dev/null
${env} PYTHONPATH=/snap/python "$target/curtin/curtin-hooks"
`;
  return run(...inNamespace(`${before}${script}`), { okExitCodes: [0, 1, 2] });
}

describe.skipIf(!mounts)('curtin-hooks', () => {
  test('lets the installer create its user in a target without programs', async () => {
    const { stdout } = await inTarget(`
chroot "$target" getent group sudo
mkdir -p "$target/dev" && mount --rbind /dev "$target/dev"
chroot "$target" useradd ada --comment 'Ada L' --shell /bin/bash --groups adm,sudo --create-home
echo 'ada:$6$salt$hash' | chroot "$target" chpasswd --encrypted
grep ada "$target/etc/passwd" "$target/etc/shadow" "$target/etc/group"
ls "$target/home"
`);
    expect(stdout.replaceAll(join(directory, 'target'), '').trim().split('\n')).toEqual([
      'sudo:x:27:',
      '/etc/passwd:ada:x:1000:1000:Ada L:/home/ada:/bin/bash',
      expect.stringMatching(/^\/etc\/shadow:ada:\$6\$salt\$hash:\d+:/),
      '/etc/group:adm:x:4:ada',
      '/etc/group:sudo:x:27:ada',
      '/etc/group:ada:x:1000:',
      'ada',
    ]);
  });

  test("keeps writes to the target's programs out of the live system", async () => {
    const { stdout } = await inTarget(`
echo 'exit 101' >"$target/usr/sbin/micro-linux-test"
test ! -e /usr/sbin/micro-linux-test
umount --recursive "$target"
ls -A "$target"
`);
    expect(stdout).toBe('');
  });

  test('can run twice', async () => {
    const { exitCode, stdout } = await inTarget(`
TARGET_MOUNT_POINT="$target" "$target/curtin/curtin-hooks"
grep -c "$target/usr" /proc/mounts
`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1\n' });
  });

  test('fails if curtin did not set its target', async () => {
    const { exitCode, stderr } = await inTarget('', 'env -u TARGET_MOUNT_POINT');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('TARGET_MOUNT_POINT');
  });
});
