import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allStepKeys, type Keys } from './step-keys.ts';

const ROOT = join(import.meta.dirname, '../../..');

let scratch: string;
let copy: string;
let before: Keys;

/** A copy of the checkout, with links to pinned tools and packages. */
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'stale-results-'));
  copy = join(scratch, 'checkout');
  for (const name of ['packages', 'systemd', 'package.json', 'pnpm-lock.yaml']) {
    // Links between packages are relative, so they point into the copy.
    await cp(join(ROOT, name), join(copy, name), { recursive: true, verbatimSymlinks: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  before = await allStepKeys(copy, join(scratch, 'build'));
}, 240_000);
afterAll(() => rm(scratch, { recursive: true }));

/** The keys computed by the copy's own code: for code that makes inputs of steps. */
async function byItself(): Promise<Keys> {
  const script = join(copy, 'packages/builder/test/step-keys.ts');
  const { stdout } = await run(process.execPath, [script, join(scratch, 'build')]);
  return JSON.parse(stdout) as Keys;
}

/** The steps that run again after an edit of the copy. */
async function changedBy(
  file: string,
  edit: (text: string) => string,
  keys = () => allStepKeys(copy, join(scratch, 'build')),
): Promise<string[]> {
  const path = join(copy, file);
  const text = await readFile(path, 'utf8');
  const edited = edit(text);
  expect(edited).not.toBe(text);
  await writeFile(path, edited);
  try {
    const after = await keys();
    return Object.keys(after).filter((id) => after[id] !== before[id]);
  } finally {
    await writeFile(path, text);
  }
}

const DISKS = ['qcow2', 'raw', 'raw.zst', 'vhdx', 'vmdk'];
const MEDIA = ['medium', 'iso', 'remaster'];
const ESP = ['esp', 'esp-4k'];
const BEHIND_UPDATE = ['update', 'data', 'disk', ...DISKS, ...MEDIA];
const BEHIND_SLOT = [
  ...['slot', 'update-payload', ...ESP, ...BEHIND_UPDATE],
  ...['live-root', 'iso-menu', 'iso-uefi'],
];
const ALL = [
  ...['ota-agent', 'node', 'rootfs', ...BEHIND_SLOT],
  ...['bios-grub', 'seed', 'iso-bios'],
];

const builder = (path: string) => `packages/builder/${path}`;
const comment = (text: string) => `${text}\n// One more line.\n`;
const shellComment = (text: string) => `${text}\n# One more line.\n`;

const EARLY = builder('rootfs-overlay/usr/share/initramfs-tools');

it('every step has a key', () => {
  expect(Object.keys(before).sort()).toEqual([...ALL].sort());
});

it.each<readonly [file: string, edit: (text: string) => string, steps: readonly string[]]>([
  // Inputs and code of the slot.
  [builder('scripts/make-ext4.sh'), shellComment, BEHIND_SLOT],
  [builder('scripts/unpack-tree.sh'), shellComment, BEHIND_SLOT],
  [builder('src/steps/slot/slot-step.ts'), comment, BEHIND_SLOT],
  [builder('src/steps/tar/write-tar.ts'), comment, ['rootfs', ...BEHIND_SLOT]],
  ['systemd/units/ota-agent-health.service', shellComment, BEHIND_SLOT],
  ['systemd/scripts/grow-data', shellComment, BEHIND_SLOT],
  [builder('src/steps/rootfs/mmdebstrap-arguments.ts'), comment, ['rootfs', ...BEHIND_SLOT]],
  // The agent's key depends on the bytes of its bundle.
  ['packages/ota-agent/src/bin.ts', comment, ['ota-agent']],
  [
    'packages/ota-agent/package.json',
    (text) => text.replace('"version": "', '"version": "9.'),
    ['ota-agent', ...BEHIND_SLOT],
  ],
  // Code that starts machines.
  [builder('src/steps/esp/esp-step.ts'), comment, [...ESP, 'disk', ...DISKS, ...MEDIA]],
  [builder('src/steps/disk/bios-grub-step.ts'), comment, ['bios-grub', 'disk', ...DISKS, ...MEDIA]],
  // Disks, updates and media.
  [builder('src/steps/disk/disk-step.ts'), comment, ['disk', ...DISKS]],
  [builder('src/steps/disk/disk-image-step.ts'), comment, DISKS],
  [
    'packages/update-image/src/write/compress-image.ts',
    comment,
    ['update-payload', ...BEHIND_UPDATE],
  ],
  [builder('src/steps/update/update-step.ts'), comment, BEHIND_UPDATE],
  [builder('src/steps/data/data-step.ts'), comment, ['data', 'disk', ...DISKS]],
  [builder('src/steps/iso/iso-menu-step.ts'), comment, ['iso-menu', 'medium', 'iso']],
  [builder('src/steps/iso/live-root-step.ts'), comment, ['live-root', 'medium', 'iso']],
  [builder('src/steps/iso/iso-step.ts'), comment, ['iso']],
  [builder('src/steps/medium/medium-step.ts'), comment, MEDIA],
  [builder('src/autoinstall/make/autoinstall.ts'), comment, ['seed', ...MEDIA]],
  [builder('src/steps/live-system/install'), shellComment, ['remaster']],
  // Code that most steps use.
  ['packages/core/src/run/run.ts', comment, ['ota-agent', 'rootfs', ...BEHIND_SLOT]],
  // Files that no step reads.
  [builder('src/jobs/build/testing.ts'), comment, []],
  [builder('src/plan/testing.ts'), comment, []],
  [builder('src/steps/slot/boot-drivers.testdata.ts'), comment, []],
  [builder('src/steps/slot/slot-overlay.test.ts'), comment, []],
  ['packages/provision/src/testing.ts', comment, []],
  ['packages/ota-agent/src/cli.test.ts', comment, []],
  [builder('src/cli/commands/build.ts'), comment, []],
  [builder('src/host/doctor-render.ts'), comment, []],
])('%s', { timeout: 120_000 }, async (file, edit, steps) => {
  expect((await changedBy(file, edit)).sort()).toEqual([...steps].sort());
});

it('a function of GRUB', { timeout: 120_000 }, async () => {
  const changed = await changedBy(
    builder('src/steps/grub/functions/pause.ts'),
    (text) => text.replace('= 10', '= 11'),
    byItself,
  );
  expect(changed.sort()).toEqual([...ESP, 'disk', ...DISKS, ...MEDIA].sort());
});

it('what the initrd is built with', { timeout: 120_000 }, async () => {
  const [name = ''] = await readdir(join(copy, EARLY, 'hooks'));
  expect((await changedBy(`${EARLY}/hooks/${name}`, shellComment)).sort()).toEqual(
    ['rootfs', ...BEHIND_SLOT].sort(),
  );
});
