import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { MediumPath } from '@micro-linux/provision';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testStep } from '../../plan/testing.ts';
import { isoBiosStep } from './iso-bios-step.ts';
import { MENU_PATH } from './iso-menu.ts';
import { isoStep } from './iso-step.ts';
import { liveRootStep } from './live-root-step.ts';
import { mediumUuid } from './medium-uuid.ts';

const EPOCH = 1_767_225_600;
const GRUB = '/usr/lib/grub/i386-pc';
const LIVE_SCRIPT = join(
  import.meta.dirname,
  '../../../rootfs-overlay/usr/share/initramfs-tools/scripts/micro-linux-live',
);

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'iso-steps-'));
});
afterEach(() => rm(scratch, { recursive: true }));

async function given(name: string, content: string): Promise<string> {
  const path = join(scratch, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

/** A link to a file, like /boot/vmlinuz. */
async function link(file: string): Promise<string> {
  const path = `${file}.link`;
  await rm(path, { force: true });
  await symlink(file, path);
  return path;
}

async function context(name: string) {
  const outputDirectory = join(scratch, name);
  await mkdir(outputDirectory);
  return {
    run,
    signal: new AbortController().signal,
    progress: () => {},
    logFile: join(scratch, 'log'),
    outputDirectory,
    workDirectory: scratch,
  };
}

/** An ISO of small files; the UEFI boot image is fake. */
async function makeIso(name: string) {
  const bios = isoBiosStep(GRUB);
  const biosContext = await context(`bios-${name}`);
  await bios.run(biosContext);
  await given('uefi/EFI/BOOT/BOOTX64.EFI', 'shim');
  const step = isoStep({
    uuid: mediumUuid('id', EPOCH),
    buildId: 'id',
    medium: [{ path: MediumPath.manifest, file: await given('install=.json', '{}') }],
    seed: {
      autoinstall: await given('autoinstall.yaml', 'seed'),
      userData: await given('user-data', 'user'),
      metaData: await given('meta-data', 'meta'),
    },
    live: [
      { path: MENU_PATH, file: await given('grub.cfg', 'menu') },
      { path: MediumPath.liveRoot, file: await given('root.squashfs', 'root') },
      { path: MediumPath.liveKernel, file: await link(await given('vmlinuz-6', 'kernel')) },
      { path: MediumPath.liveInitrd, file: await given('initrd.img', 'initrd') },
    ],
    bios: bios.result(biosContext.outputDirectory).image,
    uefi: { image: await given('efi.img', 'x'.repeat(4096)), tree: join(scratch, 'uefi') },
    hybrid: join(GRUB, 'boot_hybrid.img'),
    volumeId: 'ML_BOX_1',
    sourceDateEpoch: EPOCH,
    name: 'box.iso',
    needs: [],
  });
  const isoContext = await context(`iso-${name}`);
  await step.run(isoContext);
  return step.result(isoContext.outputDirectory).iso;
}

async function xorriso(...args: string[]): Promise<string> {
  const { stdout } = await run('xorriso', ['-no_rc', ...args]);
  return stdout;
}

it('contains each file at its path, readable by everybody, and is itself readable by its owner only', async () => {
  const iso = await makeIso('one');
  const listing = await xorriso('-indev', `stdio:${iso}`, '-find', '/', '-exec', 'lsdl');
  for (const path of [
    MediumPath.manifest,
    MediumPath.seed,
    MediumPath.userData,
    MediumPath.metaData,
    MediumPath.liveKernel,
    MediumPath.liveInitrd,
    MediumPath.liveRoot,
    '/boot/grub/grub.cfg',
    '/EFI/BOOT/BOOTX64.EFI',
  ]) {
    expect(listing).toMatch(new RegExp(`^-r--r--r-- +1 0 +0 .*'${path}'$`, 'm'));
  }
  expect((await stat(iso)).mode & 0o777).toBe(0o600);
});

it('boots from DVD and USB stick, by BIOS and UEFI, and is found by its UUID', async () => {
  const iso = await makeIso('one');
  const report = await xorriso('-indev', `stdio:${iso}`, '-report_el_torito', 'plain');
  expect(report).toMatch(/El Torito boot img :\s+1\s+BIOS\s+y\s+none/);
  expect(report).toMatch(/El Torito boot img :\s+2\s+UEFI\s+y\s+none/);
  const { stdout: table } = await run('sfdisk', ['--dump', iso]);
  expect(table).toMatch(/^label: gpt$/m);
  expect(table).toMatch(/type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B/);
  // As the initramfs reads it.
  const [read] =
    /\bdd if="\/dev\/\$live_name" [\w= ]*\w(?= 2>)/.exec(await readFile(LIVE_SCRIPT, 'utf8')) ?? [];
  const { stdout: found } = await run('sh', ['-c', String(read).replace('/dev/$live_name', iso)]);
  expect(found).toBe(mediumUuid('id', EPOCH).digits);
});

it('is byte-identical if made again from the same files', async () => {
  expect(await readFile(await makeIso('two'))).toEqual(await readFile(await makeIso('one')));
});

it('contains the slot image under the name that the live system uses', async () => {
  const image = await given('slot.ext4', 'slot');
  const slot = testStep('slot');
  const step = liveRootStep({ image, slot, sourceDateEpoch: EPOCH });
  const one = await context('live');
  await step.run(one);
  const { file } = step.result(one.outputDirectory);
  const { stdout } = await run('unsquashfs', ['-cat', file, 'slot.ext4']);
  expect(stdout).toBe('slot');
  expect(() => liveRootStep({ image: '/b.ext4', slot, sourceDateEpoch: 0 })).toThrow(/slot\.ext4/);
});
