import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { DATA_ROOT_PERCENT } from '@micro-linux/provision';
import { describe, expect, it, onTestFinished } from 'vitest';

const OVERLAY = join(import.meta.dirname, '../rootfs-overlay/usr/lib/micro-linux');
const CHROOT = join(import.meta.dirname, 'slot-chroot.testdata.sh');
const MIB = 1024 * 1024;

/** Replaces what needs a block device and real root. */
const STANDINS = {
  e2fsck:
    'cat /control/e2fsck 2>/dev/null; exit "$(cat /control/e2fsck-status 2>/dev/null || echo 0)"',
  dumpe2fs: 'cat /control/dumpe2fs 2>/dev/null',
  tune2fs: 'echo "tune2fs $*"',
  mount: `case "$*" in
*'-t ext4'*)
	[ ! -e /control/no-mount ] || exit 32
	if [ -e /control/no-write ]; then
		case "$*" in *,ro*) ;; *) exit 32 ;; esac
	fi
	/usr/bin/mount --bind /partition /data
	if [ -e /control/no-write ] || [ -e /control/write-protected ]; then
		/usr/bin/mount -o remount,bind,ro /data
	fi ;;
*'-t overlay'*)
	options="$(echo "$5" | sed 's/index=off,redirect_dir=off,metacopy=off/userxattr/')"
	exec /usr/bin/mount -t overlay overlay -o "$options" /etc ;;
*) exec /usr/bin/mount "$@" ;;
esac`,
};

type Tree = Readonly<Record<string, string | { readonly link: string } | null>>;

/** Files by path; null is a directory. */
function plant(root: string, tree: Tree): void {
  for (const [path, content] of Object.entries(tree)) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    if (content === null) {
      mkdirSync(place, { recursive: true });
    } else if (typeof content === 'string') {
      writeFileSync(place, content);
    } else {
      symlinkSync(content.link, place);
    }
  }
}

const SLOT: Tree = {
  'etc/passwd': 'root:x:0:0::/root:/bin/sh\nnew:x:310:310::/:/bin/false\n',
  'etc/shadow': 'root:*:1::::::\nnew:!:1::::::\n',
  'etc/group': 'root:x:0:\nnew:x:310:\n',
  'etc/motd': 'of the image\n',
  'var/lib/dpkg/status': 'Package: x\n',
  'var/lib/foo/bin/helper': '#!/bin/sh\n',
  'var/lib/new/deep/file': 'brought\n',
  'var/cache/x': 'not brought\n',
  'var/log': null,
  'root/.profile': 'image\n',
  'usr/lib/micro-linux/image.json': '{"version":"2"}\n',
};

const DATA: Tree = {
  'etc/upper/passwd': 'root:x:0:0::/root:/bin/sh\nmicro:x:1000:1000::/home/micro:/bin/sh\n',
  'etc/upper/shadow': 'root:*:1::::::\nmicro:$6$own:1::::::\n',
  'etc/upper/group': 'root:x:0:\nmicro:x:1000:\n',
  'etc/upper/hostname': 'device\n',
  'etc/work': null,
  'home/micro/file': 'mine\n',
  'root/.profile': 'mine\n',
  'var/lib/foo/state': 'mine\n',
  'var/lib/ota-agent/rollback-index': '3\n',
  'micro-linux/prepared-image.json': '{"version":"1"}\n',
};

/** Runs prepare-state, then `command`; returns the output of both. */
async function prepare(
  command: string,
  { data = DATA, slot = SLOT, control = {}, bytes = 32 * MIB }: Partial<Situation> = {},
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'prepare-state-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  plant(join(directory, 'slot'), slot);
  plant(join(directory, 'partition'), { ...data, 'lost+found': null });
  plant(join(directory, 'control'), { ...control, x: '' });
  // Debian's awk is a link to a link in /etc.
  plant(join(directory, 'slot'), {
    'etc/alternatives/awk': { link: realpathSync('/usr/bin/awk') },
  });
  cpSync(OVERLAY, join(directory, 'slot/usr/lib/micro-linux'), { recursive: true });
  for (const [name, script] of Object.entries(STANDINS)) {
    const path = join(directory, 'slot/usr/sbin', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
  const { stdout, stderr } = await run('unshare', [
    '-Urm',
    '/bin/sh',
    CHROOT,
    directory,
    String(bytes),
    `{ ${command}; } 2>&1; true`,
  ]);
  return stdout + stderr;
}

interface Situation {
  readonly data: Tree;
  readonly slot: Tree;
  readonly control: Tree;
  /** Size of the data partition. */
  readonly bytes: number;
}

const UNABLE =
  spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0
    ? undefined
    : 'this user may not make namespaces';

const NOTES = 'cat /run/micro-linux/data-problems';
const MARKER = 'cat /data/micro-linux/prepared-image.json';

describe.skipIf(UNABLE)('prepare-state', () => {
  it('mounts the persistent state over the slot, and prints nothing on success', async () => {
    const said = await prepare(
      `cat /etc/hostname /etc/motd /home/micro/file /root/.profile /var/lib/foo/state; ${NOTES};
      cat /run/systemd/system/boot-efi.mount; ls /run/systemd/system/dev-vda1.device.d;
      cat /data/micro-linux/image-etc/motd; echo x >/etc/written && cat /data/etc/upper/written;
      touch /var/lib/dpkg/x`,
    );
    expect(said).toMatch(/^device\nof the image\nmine\nmine\nmine\n/m);
    expect(said).toContain('data-problems: No such file or directory');
    expect(said).toContain('What=/dev/vda1\n');
    expect(said).toMatch(/^Options=.*\bnofail\b.*\nTimeoutSec=15min$/m);
    expect(said).toContain('50-micro-linux.conf\nof the image\nx\n');
    expect(said).toMatch(/touch: .*Read-only file system/);
    expect(said).not.toContain('FAILED');
  });

  it('copies new files of an image once, and replaces nothing', async () => {
    const said = await prepare(
      `cat /var/lib/new/deep/file /var/lib/foo/bin/helper /etc/passwd; ls /var/cache; ${MARKER};
      ls -A /data/micro-linux; find /data/var/lib/new -printf '%m %u\n' | sort -u`,
    );
    expect(said).toContain('brought\n#!/bin/sh\n');
    expect(said).toContain('new:x:310:310');
    expect(said).toContain('micro:x:1000:1000');
    expect(said).not.toContain('not brought');
    expect(said).toContain('{"version":"2"}\nimage-etc\nprepared-image.json\nspare\n');
  });

  it('leaves no partial file: a copy interrupted by a power cut is repeated', async () => {
    const big = 'x'.repeat(300_000);
    const said = await prepare(
      `wc -c </var/lib/new/deep/file; ls -A /data/micro-linux; ls /var/lib/other`,
      {
        slot: { ...SLOT, 'var/lib/new/deep/file': big, 'var/lib/other/x': '' },
        data: { ...DATA, 'micro-linux/incoming/var/lib/new/deep/file': 'half' },
      },
    );
    expect(said).toContain('300000\n');
    expect(said).not.toContain('incoming');
  });

  describe('on a new device', () => {
    const NEW = Object.fromEntries(
      Object.entries(DATA).filter(([path]) => !/^micro-linux|^var\/lib\/foo/.test(path)),
    );
    const INITIAL: Tree = {
      ...SLOT,
      'usr/lib/micro-linux/initial/home/micro/notes': 'initial\n',
      'usr/lib/micro-linux/initial/home/micro/file': 'not copied\n',
      'usr/lib/micro-linux/initial/home/other/x': 'initial\n',
      'usr/lib/micro-linux/initial/root/.profile': 'not copied\n',
      'usr/lib/micro-linux/initial/root/.netrc': 'initial\n',
      'usr/lib/micro-linux/initial/var/lib/foo/bin/helper': 'initial\n',
      'usr/lib/micro-linux/initial/var/lib/foo/link': { link: '/etc/motd' },
      'usr/lib/micro-linux/initial/var/cache/app/x': 'initial\n',
    };
    const LOOK = `cd /; head -v home/micro/* home/other/x root/.profile root/.netrc var/cache/app/x \
      var/lib/foo/bin/helper var/lib/new/deep/file; readlink var/lib/foo/link;
      ls -A /data/micro-linux; ${MARKER}`;

    it('copies the files of `initial`: they win over those of the image, not over its own', async () => {
      const said = await prepare(LOOK, { slot: INITIAL, data: NEW });
      expect(said).toContain('==> home/micro/file <==\nmine\n');
      expect(said).toContain('==> home/micro/notes <==\ninitial\n');
      expect(said).toContain('==> home/other/x <==\ninitial\n');
      expect(said).toContain('==> root/.profile <==\nmine\n');
      expect(said).toContain('==> root/.netrc <==\ninitial\n');
      expect(said).toContain('==> var/cache/app/x <==\ninitial\n');
      expect(said).toContain('==> var/lib/foo/bin/helper <==\ninitial\n');
      expect(said).toContain('==> var/lib/new/deep/file <==\nbrought\n');
      expect(said).toContain('/etc/motd\nimage-etc\ninitial-copied\nprepared-image.json\nspare\n');
      expect(said).toContain('{"version":"2"}');
    });

    it.each([
      ['that ran another image', 'prepared-image.json'],
      ['whose first boot copied them', 'initial-copied'],
    ])('copies nothing to a device %s', async (_, marker) => {
      const data = { ...NEW, [`micro-linux/${marker}`]: '' };
      const said = await prepare(LOOK, { slot: INITIAL, data });
      expect(said).not.toContain('initial\n');
      expect(said).toContain('==> var/lib/foo/bin/helper <==\n#!/bin/sh\n');
    });

    it('finishes after a power cut', async () => {
      const said = await prepare(LOOK, {
        slot: INITIAL,
        data: {
          ...NEW,
          'micro-linux/incoming/home/other/x': 'half',
          'var/cache/app/x': 'initial\n',
        },
      });
      expect(said).toContain('==> home/other/x <==\ninitial\n');
      expect(said).not.toContain('incoming');
    });

    it('follows no link', async () => {
      const said = await prepare('ls -A /etc; cat /home/micro/file', {
        slot: { ...INITIAL, 'usr/lib/micro-linux/initial/home/evil/passwd': 'initial\n' },
        data: { ...NEW, 'home/evil': { link: '/etc' }, 'home/other': { link: '/data/etc/upper' } },
      });
      expect(said).not.toMatch(/^x$/m);
      expect(said).toContain('mine\n');
    });

    it('tries again if the partition is full', async () => {
      const said = await prepare(`${NOTES}; ls -A /data/micro-linux; ls /home`, {
        ...{ slot: INITIAL, data: NEW, control: { full: '' } },
      });
      expect(said).toMatch(/^these of this image could not be brought in:.* \/home\/other/m);
      expect(said).not.toContain('initial-copied');
      expect(said).not.toContain('prepared-image.json');
    });
  });

  describe('never follows a link that a service or a user made', () => {
    it.each<readonly [string, Tree]>([
      ['in the place of a directory', { 'var/lib/foo/bin': { link: '/data/etc/upper' } }],
      ['to an absolute place', { 'var/lib/foo/bin': { link: '/etc' } }],
      ['upwards', { 'var/lib/foo/bin': { link: '../../../etc/upper' } }],
      ['in the place of a file', { 'var/lib/foo/bin/helper': { link: '/data/etc/upper/helper' } }],
      ['in the place of its own directory', { 'var/lib/foo': { link: '../../etc/upper' } }],
    ])('%s', async (_, evil) => {
      const data = Object.fromEntries(
        Object.entries(DATA).filter(([path]) => path !== 'var/lib/foo/state'),
      );
      const said = await prepare(
        `find /data/etc/upper | sort; test -e /etc/helper && echo ESCAPED; ${MARKER}`,
        { data: { ...data, ...evil } },
      );
      expect(said).not.toContain('helper');
      expect(said).not.toContain('upper/bin');
      expect(said).not.toContain('ESCAPED');
      expect(said).toContain('{"version":"2"}');
    });

    it('of the account files', async () => {
      const said = await prepare(`cat /data/target; stat -c %F /data/etc/upper/passwd.new`, {
        data: {
          ...DATA,
          target: 'untouched\n',
          'etc/upper/passwd.new': { link: '/data/target' },
        },
      });
      expect(said).toContain('untouched\n');
      expect(said).not.toContain('symbolic link');
    });
  });

  it('boots with a full partition, copies no partial file, and tries again later', async () => {
    const said = await prepare(`${NOTES}; ${MARKER}; cat /etc/hostname /etc/shadow; ls /var/lib`, {
      control: { full: '' },
    });
    expect(said).not.toContain('FAILED');
    expect(said).toMatch(/^these of this image could not be brought in:.* \/var\/lib\/new\b/m);
    expect(said).toMatch(/^accounts of this image could not be added$/m);
    expect(said).toContain('micro-linux: DATA PARTITION: ');
    expect(said).toContain('{"version":"1"}\ndevice\nroot:*:1::::::\nmicro:$6$own:1::::::\n');
    expect(said).toMatch(/^dpkg\nfoo\nota-agent$/m);
  });

  it('prepares an image on a full partition if there was space at an earlier boot', async () => {
    const said = await prepare(
      `${MARKER}; cat /etc/passwd /var/lib/new/deep/file; stat -c %s /data/micro-linux/spare`,
      { control: { full: '' }, data: { ...DATA, 'micro-linux/spare': 'x'.repeat(MIB) } },
    );
    expect(said).toContain('{"version":"2"}\n');
    expect(said).toContain('new:x:310:310');
    expect(said).toContain('brought\n');
    expect(Number(/^(\d+)$/m.exec(said)?.[1]), 'what is left is kept again').toBeGreaterThan(
      MIB / 2,
    );
  });

  it.each([
    ['a write-protected disk', 'write-protected'],
    ['a partition that takes no writes', 'no-write'],
  ])('boots on with %s', async (_, control) => {
    const said = await prepare(
      `${NOTES}; cat /etc/hostname /etc/motd /home/micro/file /var/lib/foo/state; touch /etc/x;
      ls /run/systemd/system`,
      { control: { [control]: '' } },
    );
    expect(said).not.toContain('FAILED');
    expect(said).toContain('nothing is kept');
    expect(said).toContain('/etc is read-only\ndevice\nof the image\nmine\nmine\n');
    expect(said).toMatch(/touch: .*Read-only file system/);
    expect(said).toContain('boot-efi.mount');
  });

  it('boots if the file system cannot be repaired, and moves obstacles aside', async () => {
    const said = await prepare(`${NOTES}; cat /data/var.damaged; ls /var/lib /home`, {
      control: { 'e2fsck-status': '4' },
      data: { var: 'a file', home: 'another', 'etc/upper/hostname': 'device\n' },
    });
    expect(said).not.toContain('FAILED');
    expect(said).toContain('could not be repaired (e2fsck: status 4)');
    expect(said).toContain('/data/var was not a directory');
    expect(said).toMatch(/^a file.*foo\nnew$/ms);
  });

  it('fails if the partition cannot be mounted', async () => {
    expect(await prepare('true', { control: { 'no-mount': '' } })).toContain('FAILED 1');
  });

  it.each([
    ['Reserved block count:     0\n', true],
    ['Reserved block count:     3276\n', false],
    ['Reserved block count:     10\n', false],
    ['', false],
  ])('reserves space for root if there is no reserve: %j', async (dumpe2fs, tuned) => {
    const said = await prepare('true', { control: { dumpe2fs } });
    expect(said.includes(`tune2fs -m ${DATA_ROOT_PERCENT} /dev/vda4`)).toBe(tuned);
  });
});
