import { join } from 'node:path';
import { run } from '@micro-linux/core';
import type { BuildRecord } from 'micro-linux/artifacts/build-record';
import { COMMON_PACKAGES } from 'micro-linux/profiles/common-packages';
import { profileOf } from 'micro-linux/profiles/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ArchiveServer,
  createStandInArchive,
  type StandInArchive,
  serveArchive,
  standInCacheDirectory,
} from '../harness/archive/index.ts';
import { type CliOptions, microLinux, microLinuxJson } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const noble = profileOf('noble');

const skipped = await whySkipped('noble from a stand-in archive');

/** docs/explanation/noble.md: what this proves, and what only Ubuntu's own archive can. */
describe.skipIf(skipped !== undefined)('the noble profile, from a local signed archive', () => {
  let scratch: string;
  let archive: StandInArchive;
  let server: ArchiveServer;
  let options: CliOptions;
  const build = (...more: string[]) => [
    ...['build', '--no-iso'],
    '--profile',
    'noble',
    '--artifacts',
    join(scratch, 'artifacts'),
    '--mirror',
    server.url,
    '--keyring',
    archive.keyring,
    ...more,
  ];

  beforeAll(async () => {
    scratch = await makeScratch('noble');
    archive = await createStandInArchive({
      directory: join(scratch, 'archive'),
      cacheDirectory: standInCacheDirectory(process.env),
      packages: [...COMMON_PACKAGES, ...noble.packages, noble.kernelPackage],
      run,
    });
    server = await serveArchive(archive.directory);
    // A cache of its own: no step may come from another story.
    options = { env: { no_proxy: '127.0.0.1', XDG_CACHE_HOME: join(scratch, 'cache') } };
  });
  afterAll(async () => {
    await server?.close();
    await removeScratch(scratch);
  });

  it.each([
    ['refuse', 'archive-unreachable'],
    ['html', 'archive-unreachable'],
    ['not-found', 'archive-unreachable'],
  ] as const)('stops within seconds at a mirror that answers with “%s”', async (fault, code) => {
    await server.setFault(fault);
    const { stdout, exitCode } = await microLinux(build('--json'), options);
    await server.setFault('ok');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code });
  });

  it('explains a mirror that drops the connection, and leaves nothing behind', async () => {
    await server.setFault('truncate');
    const { stdout, exitCode } = await microLinux(build('--json'), options);
    await server.setFault('ok');
    expect(exitCode).toBe(1);
    expect(['mirror-broken', 'archive-unreachable']).toContain(JSON.parse(stdout).code);
    const { stdout: left } = await run('find', [join(scratch, 'artifacts'), '-name', '*.qcow2*']);
    expect(left).toBe('');
  });

  it('refuses an archive that is not signed by the keyring', async () => {
    const other = ['build', '--profile', 'noble', '--mirror', server.url, '--json'];
    const { stdout, exitCode } = await microLinux(
      [
        ...other,
        '--artifacts',
        join(scratch, 'artifacts'),
        '--keyring',
        '/usr/share/keyrings/debian-archive-keyring.gpg',
      ],
      options,
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'keyring-wrong' });
  });

  it('names a package that the archive lacks', async () => {
    const { stdout, exitCode } = await microLinux(
      build('--json', '--add-package', 'no-such-package'),
      options,
    );
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'package-unknown' });
    expect(JSON.parse(stdout).message).toContain('no-such-package');
  });

  it('builds with updates from their pockets', async () => {
    const result = await microLinuxJson(build(), options);
    const record = result['record'] as BuildRecord;
    expect(record.profile).toBe('noble');
    for (const { name, version } of archive.newer) {
      expect(record.packages).toContainEqual({ name, version });
    }
    for (const suite of ['noble', 'noble-updates', 'noble-security']) {
      expect(server.count(new RegExp(`/dists/${suite}/InRelease`))).toBeGreaterThan(0);
    }
  });

  it('boots by UEFI, through shim and a GRUB that looks in /EFI/ubuntu', async () => {
    const { stdout, stderr, exitCode } = await microLinux([
      'test',
      '--artifacts',
      join(scratch, 'artifacts'),
      '--firmware',
      'uefi',
    ]);
    expect(`${stdout}${exitCode === 0 ? '' : stderr}`).not.toMatch(/FAIL/);
    expect(stdout).toMatch(/login prompt appears +ok /);
    expect(exitCode).toBe(0);
  });
});
