import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Step } from '../plan/step.ts';
import { testStep } from '../plan/testing.ts';
import { biosGrubStep } from './disk/bios-grub-step.ts';
import { diskImageStep } from './disk/disk-image-step.ts';
import { espStep } from './esp/esp-step.ts';
import { factoryEnvFiles } from './esp/factory-env.ts';
import { isoUefiStep } from './iso/iso-uefi-step.ts';
import { payloadStep } from './update/payload-step.ts';

const EPOCH = 1_767_225_600;
const GRUB = '/usr/lib/grub/i386-pc';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "pasted 'commands'-"));
});
afterEach(() => rm(scratch, { recursive: true }));

/** Names and contents of the files that remain in a directory. */
async function contents(directory: string): Promise<Record<string, string>> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path.slice(directory.length), await readFile(path, 'base64')]),
    ),
  );
}

/** Runs a step, pastes what its dry run prints, and compares all files. */
async function expectSame(step: Step<unknown>): Promise<void> {
  const [byStep, byHand] = [join(scratch, 'by-step'), join(scratch, 'by-hand')];
  await mkdir(byStep);
  await mkdir(byHand);
  await step.run({
    run,
    signal: new AbortController().signal,
    progress: () => undefined,
    logFile: join(scratch, 'log'),
    outputDirectory: byStep,
    workDirectory: scratch,
  });
  const lines = step.describe(byHand);
  expect(lines.filter((line) => line.startsWith('#'))).toEqual([]);
  await run('sh', ['-euc', lines.join('\n')]);
  const made = await contents(byStep);
  expect(Object.keys(made).length).toBeGreaterThan(0);
  expect(await contents(byHand)).toEqual(made);
}

/** Packages with stand-ins for shim, GRUB and MokManager; a second place of GRUB is the right one. */
async function bootPackages() {
  const tree = join(scratch, 'package');
  const programs = { shim: '/usr/lib/shim.efi', grub: '/usr/lib/grub.efi', mokManager: '/usr/mm' };
  for (const [role, path] of Object.entries(programs)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), `${role} `.repeat(100_000));
  }
  await mkdir(join(tree, 'DEBIAN'));
  await writeFile(
    join(tree, 'DEBIAN/control'),
    'Package: boot\nVersion: 1\nArchitecture: amd64\nMaintainer: test <test@example.org>\nDescription: test\n',
  );
  const folder = join(scratch, 'packages');
  await mkdir(folder);
  await run('dpkg-deb', ['--build', '--root-owner-group', tree, join(folder, 'boot.deb')]);
  return {
    bootPackages: folder,
    secureBoot: {
      packages: ['boot'],
      shim: [programs.shim],
      grub: ['/usr/lib/missing.efi', programs.grub],
      mokManager: [programs.mokManager],
      grubConfigDirectory: '/EFI/debian',
    },
  };
}

it('makes the ESP', async () => {
  const text = "menu 'one' %s\n\n";
  await expectSame(
    espStep({
      ...(await bootPackages()),
      files: [{ path: '/grub/grub.cfg', content: text }, ...factoryEnvFiles(3)],
      sizeBytes: 64 * MIB,
      sectorBytes: 512,
      volumeId: '12345678',
      sourceDateEpoch: EPOCH,
      rootfs: testStep('rootfs'),
    }),
  );
});

it('makes the ESP of an ISO, as long as its programs need', async () => {
  await expectSame(
    isoUefiStep({
      ...(await bootPackages()),
      uuid: '2026-01-02-03-04-05-67',
      volumeId: '12345678',
      sourceDateEpoch: EPOCH,
      rootfs: testStep('rootfs'),
    }),
  );
});

it('makes GRUB for BIOS', async () => {
  const partition = { number: 14, name: 'bios', type: '', start: 2048, sectors: 2048 } as const;
  await expectSame(
    biosGrubStep(
      { directory: GRUB, modules: ['biosdisk'], prefix: '/grub', config: "echo 'one'\n" },
      partition,
    ),
  );
});

it('compresses a slot image for an update', async () => {
  const image = join(scratch, 'slot.ext4');
  await writeFile(image, Buffer.concat([randomBytes(1.5 * MIB), Buffer.alloc(MIB)]));
  await expectSame(payloadStep({ image, digestFile: undefined, slot: undefined, level: 3 }));
});

it('compresses a raw disk', async () => {
  const image = join(scratch, 'disk.raw');
  await writeFile(image, Buffer.concat([randomBytes(MIB), Buffer.alloc(MIB)]));
  await expectSame(
    diskImageStep({ format: 'raw.zst', image, disk: testStep('disk'), name: 'box' }),
  );
});
