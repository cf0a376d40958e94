import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootEnvVariables, confirmedMarker, MarkedBlock, NO_MARK, run } from '@micro-linux/core';
import { emptyBlock, serializeBlock, setVariables } from 'grubenv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPTS = join(
  import.meta.dirname,
  '../../../rootfs-overlay/usr/share/initramfs-tools/scripts',
);
const GUID = '5a1c0000-0000-4000-8000-00000000000a';
const MARK = `${'5e'.repeat(16)}-07`;
const OTHER_MARK = `${'c4'.repeat(16)}-07`;

const block = (mark: string | undefined, confirmed: 'A' | 'B' = 'A') => {
  const env = bootEnvVariables(
    {
      confirmed,
      trial: undefined,
      success: true,
      counter: 3,
      fallbackCounter: 3,
      ok: { A: true, B: true },
    },
    mark,
  );
  return serializeBlock(setVariables(emptyBlock(), env));
};

const withoutMark = serializeBlock(setVariables(emptyBlock(), { saved_entry: 'A' }));
const damaged = new Uint8Array(1024);

/** Contents of a disk's ESP; null: Linux cannot mount it. */
type Esp = Readonly<Record<string, Uint8Array>> | null;

/** A disk with the GUID; `after`: seconds until it appears. */
interface TestDisk {
  readonly esp: Esp;
  /** A block at any position of the ESP's partition. */
  readonly raw?: Uint8Array;
  readonly guid?: string;
  readonly after?: number;
}

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'root-disk-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

/**
 * Runs the script of the initramfs with these disks. The kernel's view of disks is simulated with
 * files. udevadm, mount and sleep are fakes that read those files, because there are no such disks
 * here and only root may mount.
 */
async function boot(told: string | undefined, disks: Readonly<Record<string, TestDisk>>) {
  const at = (path: string) => join(directory, path);
  const program = async (name: string, text: string) => {
    await writeFile(at(`bin/${name}`), `#!/bin/sh\n${text}\n`);
    await chmod(at(`bin/${name}`), 0o755);
  };
  for (const path of ['bin', 'class', 'late', 'dev', 'esp', 'udev']) {
    await mkdir(at(path), { recursive: true });
  }
  for (const [name, { esp, raw, guid = GUID, after }] of Object.entries(disks)) {
    const own = at(`devices/${name}`);
    await mkdir(join(own, 'device'), { recursive: true });
    await writeFile(join(own, 'device/model'), `Model of ${name} \u001b[2J`);
    await writeFile(join(own, 'size'), '16384');
    for (const number of [1, 2, 3, 4, 14]) {
      const partition = `${name}${number}`;
      await mkdir(join(own, partition), { recursive: true });
      await writeFile(join(own, partition, 'partition'), `${number}\n`);
      await symlink(join(own, partition), at(`${after ? 'late' : 'class'}/${partition}`));
      if (number === 2) {
        await writeFile(at(`udev/${partition}`), `DEVTYPE=partition\nID_PART_ENTRY_UUID=${guid}\n`);
      }
    }
    await writeFile(join(own, `${name}1/size`), '8192\n');
    const partition = Buffer.alloc(4 * MIB, 0xff);
    partition.set(raw ?? [], 3 * MIB + 512);
    await writeFile(at(`dev/${name}1`), partition);
    if (after) {
      await writeFile(at(`late/${name}.after`), `${after}`);
    }
    if (esp) {
      await mkdir(at(`esp/${name}1/grub`), { recursive: true });
    }
    for (const [file, bytes] of Object.entries(esp ?? {})) {
      await writeFile(at(`esp/${name}1/grub/${file}`), bytes);
    }
  }
  await program(
    'udevadm',
    `for word in "$@"; do name="\${word##*/}"; done; cat "${at('udev')}/$name"`,
  );
  await program(
    'mount',
    `for word in "$@"; do last="$word"; done
[ "$1 $2 $3 $4" = "-t vfat -o ro" ] && [ -d "${at('esp')}/\${5##*/}" ] || exit 1
rmdir "$last" && ln -s "${at('esp')}/\${5##*/}" "$last"`,
  );
  await program('umount', 'rm "$1"');
  await program(
    'sleep',
    `echo . >>"${at('slept')}"
for after in "${at('late')}"/*.after; do
  [ -e "$after" ] || continue
  disk="\${after%.after}"
  if [ "$(wc -l <"${at('slept')}")" -ge "$(cat "$after")" ]; then
    mv "$disk"[0-9]* "${at('class')}"
    rm "$after"
  fi
done`,
  );
  await writeFile(
    at('functions'),
    'wait_for_udev() { :; }\npanic() { echo "PANIC $*" >>"$KMSG"; exit 1; }\n',
  );
  await mkdir(at('scripts'), { recursive: true });
  await symlink(at('functions'), at('scripts/functions'));
  await symlink(join(SCRIPTS, 'micro-linux-disk'), at('scripts/micro-linux-disk'));
  await writeFile(
    at('cmdline'),
    `BOOT_IMAGE=(hd0,gpt2)/boot/vmlinuz glob=* root=PARTUUID=${GUID} ro micro_linux.slot=A${told === undefined ? '' : ` micro_linux.mark=${told}`}\n`,
  );
  await writeFile(at('console'), '');
  await writeFile(at('slept'), '');
  await writeFile(at('param.conf'), '');
  const environment = {
    PATH: `${at('bin')}:${process.env['PATH']}`,
    ROOT: `PARTUUID=${GUID}`,
    SYS_BLOCK: at('class'),
    CMDLINE: at('cmdline'),
    SCRIPTS: at('scripts'),
    DEVICES: at('dev'),
    RUN_DIRECTORY: at('run'),
    PARAM_CONF: at('param.conf'),
    KMSG: at('console'),
    PATIENCE: `${PATIENCE}`,
  };
  await run(SHELL, [join(SCRIPTS, 'local-top/micro-linux')], {
    okExitCodes: [0, 1],
    env: environment,
  });
  const read = (path: string) => readFile(at(path), 'utf8');
  const console = (await read('console')).replaceAll(at('dev'), '/dev');
  const panic = /^PANIC/m.test(console);
  const chosenRoot = async () => {
    const root = (await read('run/root')).trim();
    expect(await read('param.conf')).toBe(`ROOT=${root}\n`);
    return root.replace(`${at('dev')}/`, '');
  };
  return {
    console,
    /** Advances the time and checks again, as local-bottom does; returns the console output. */
    async later() {
      const look = `. "$SCRIPTS/micro-linux-disk"; sleep 1; tell_twins sda2 ${GUID}`;
      await run(SHELL, ['-c', look], { env: environment });
      return (await read('console')).replaceAll(at('dev'), '/dev').slice(console.length);
    },
    waited: (await read('slept')).length / 2,
    root: panic ? 'restart' : await chosenRoot(),
    twins: [...console.matchAll(/another disk has the same partitions: (\S+)/g)].map(
      ([, disk]) => disk,
    ),
  };
}

const SHELL = '/bin/sh';
const MIB = 1024 * 1024;
/** Seconds; sixty on a device. */
const PATIENCE = 2;
const env = (mark: string) => ({ grubenv: block(mark), 'grubenv.copy': block(undefined) });
const TOLD = `grubenv:${MARK}`;

describe('a single disk boots, even if its environment is damaged', () => {
  const sound: Esp = env(MARK);
  const cases: readonly (readonly [
    what: string,
    told: string | undefined,
    esp: Esp,
    waits: boolean,
    raw?: Uint8Array,
  ])[] = [
    ['all is well', TOLD, sound, false],
    [
      'grubenv is damaged, the copy counts',
      `grubenv.copy:${MARK}`,
      { grubenv: damaged, 'grubenv.copy': block(MARK) },
      false,
    ],
    ['the disk cannot be written: the mark is the old one', TOLD, sound, false],
    [
      'both blocks are damaged (marker)',
      'none',
      {
        grubenv: damaged,
        'grubenv.copy': damaged,
        confirmed: serializeBlock(setVariables(emptyBlock(), confirmedMarker('A'))),
      },
      false,
    ],
    ['nothing can be read (unknown)', 'none', {}, false],
    ['GRUB could not read a block that Linux can', 'none', sound, true],
    ['Linux cannot mount the ESP', TOLD, null, true, block(MARK)],
    ['Linux reads an older block', TOLD, env(OTHER_MARK), true, block(MARK)],
    ['Linux cannot read the ESP, and GRUB knew nothing', 'none', null, true],
    ['GRUB is an older one and tells no mark', undefined, sound, false],
    ['the word is damaged', 'nonsense', sound, false],
  ];
  it.each(cases.map(([what, told, esp, waits, raw]) => ({ what, told, esp, waits, raw })))(
    '$what',
    async ({ told, esp, waits, raw }) => {
      const { root, waited, twins } = await boot(told, { sda: raw ? { esp, raw } : { esp } });
      expect(root).toBe('sda2');
      expect(waited).toBe(waits ? PATIENCE : 0);
      expect(twins).toEqual([]);
    },
  );

  it('waits for a disk that appears late', async () => {
    expect(await boot(TOLD, { sda: { esp: sound, after: 1 } })).toMatchObject({
      root: 'sda2',
      waited: 1,
    });
  });

  it('restarts a machine whose disk never appears, and names the missing partition', async () => {
    const { root, console } = await boot(TOLD, {
      sda: { esp: sound, guid: GUID.replace('5a', '6b') },
    });
    expect(root).toBe('restart');
    expect(console).toContain(`no disk has the partition ${GUID}`);
  });
});

describe('of several disks with the same partitions', () => {
  it.each(['sda', 'sdb'])(
    'uses the one that GRUB marked, here %s, and names the other',
    async (right) => {
      const wrong = right === 'sda' ? 'sdb' : 'sda';
      const { root, twins, console } = await boot(TOLD, {
        [right]: { esp: env(MARK) },
        [wrong]: { esp: env(OTHER_MARK) },
      });
      expect(root).toBe(`${right}2`);
      expect(twins).toEqual([`/dev/${wrong}`]);
      expect(console).toContain(
        `another disk has the same partitions: /dev/${wrong} (Model of ${wrong} [2J, 8 MiB)`,
      );
      expect(console).not.toContain('\u001b');
    },
  );

  it('reports one that appears after the root was chosen once', async () => {
    const { root, console, later } = await boot(TOLD, {
      sda: { esp: env(MARK) },
      sdb: { esp: env(OTHER_MARK), after: 1 },
    });
    expect([root, console]).toEqual(['sda2', '']);
    expect(await later()).toContain('another disk has the same partitions: /dev/sdb ');
    expect((await later()).match(/another disk/g)).toHaveLength(1);
  });

  it('does not use one only because it appears first', async () => {
    const { root, waited } = await boot(TOLD, {
      sda: { esp: env(OTHER_MARK) },
      sdb: { esp: env(MARK), after: 1 },
    });
    expect([root, waited]).toEqual(['sdb2', 1]);
  });

  it('distinguishes them by the boot count alone', async () => {
    const booted = MARK.replace('-07', '-08');
    const disks = { sda: { esp: env(MARK) }, sdb: { esp: env(booted) } };
    expect((await boot(`grubenv:${booted}`, disks)).root).toBe('sdb2');
  });

  it('uses none if the right one is missing, and never a disk with another mark', async () => {
    const { root, waited, console } = await boot(TOLD, { sdb: { esp: env(OTHER_MARK) } });
    expect([root, waited]).toEqual(['restart', PATIENCE]);
    expect(console).toContain('/dev/sdb (Model of sdb');
    expect(console).toContain('unplug');
  });

  it.each([
    ['cannot be mounted', null],
    ['has no block', {}],
    ['has a block without a mark', { grubenv: withoutMark }],
  ])('uses none if the right one is missing and the ESP of the other %s', async (_, esp) => {
    expect((await boot(TOLD, { sdb: { esp, raw: block(OTHER_MARK) } })).root).toBe('restart');
  });

  it('uses none if two have the mark; GRUB increments one of them at the next start', async () => {
    const same = { sda: { esp: env(MARK) }, sdb: { esp: env(MARK) } };
    const { root, waited, console } = await boot(TOLD, same);
    expect([root, waited]).toEqual(['restart', 0]);
    expect(console).toMatch(/\/dev\/sda .*\n.*\/dev\/sdb /);
  });

  it('uses none if an older GRUB passes no mark', async () => {
    const { root } = await boot(undefined, {
      sda: { esp: env(MARK) },
      sdb: { esp: env(OTHER_MARK) },
    });
    expect(root).toBe('restart');
  });

  it('a USB stick with the same GUIDs and other content is not used', async () => {
    for (const esp of [null, {}, { grubenv: withoutMark }, { grubenv: damaged }]) {
      await rm(directory, { recursive: true });
      await mkdir(directory);
      const { root } = await boot(TOLD, { sda: { esp }, sdb: { esp: env(MARK) } });
      expect(root).toBe('sdb2');
    }
  });

  it('uses the one with damaged blocks if GRUB found no valid block', async () => {
    const disks = { sda: { esp: env(OTHER_MARK) }, sdb: { esp: { grubenv: damaged } } };
    expect((await boot('none', disks)).root).toBe('sdb2');
  });

  it('reads the mark from the block that GRUB named', async () => {
    const { root } = await boot(`grubenv.copy:${MARK}`, {
      sda: { esp: { grubenv: block(MARK), 'grubenv.copy': block(OTHER_MARK) } },
      sdb: { esp: { grubenv: damaged, 'grubenv.copy': block(MARK) } },
    });
    expect(root).toBe('sdb2');
  });
});

it('the script uses the same keywords as GRUB', async () => {
  const text = await readFile(join(SCRIPTS, 'local-top/micro-linux'), 'utf8');
  expect(text).toContain(`${NO_MARK} | ${MarkedBlock.env}:* | ${MarkedBlock.copy}:*)`);
});
