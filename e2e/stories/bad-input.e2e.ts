import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinux, microLinuxJson, ROOT } from '../harness/cli/micro-linux.ts';
import { whySkipped } from '../harness/cli/requirements.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';

const skipped = await whySkipped('bad input');

describe.skipIf(skipped !== undefined)('build with bad input', () => {
  let scratch: string;
  let artifacts: string;

  beforeAll(async () => {
    scratch = await makeScratch('bad');
    artifacts = join(scratch, 'artifacts');
  });
  afterAll(() => removeScratch(scratch));

  async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { stdout, exitCode } = await microLinux(
      ['build', '--artifacts', artifacts, '--json', ...args],
      { env },
    );
    return {
      exitCode,
      ...(JSON.parse(stdout) as { code: string; message: string; hint?: string }),
    };
  }

  it('a static network with a bad prefix', async () => {
    const env = {
      NET_MODE: 'static',
      IFACE: 'eth0',
      ADDR: '192.168.1.10',
      PREFIX: '33',
      GATEWAY: '192.168.1.1',
    };
    const error = await refused(['--profile', 'bookworm'], env);
    expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
    expect(JSON.stringify(error)).toContain('PREFIX');
  });

  it('a disk too small for its slots', async () => {
    const error = await refused(['--profile', 'bookworm'], { SIZE_GB: '4' });
    expect(error).toMatchObject({ code: 'disk-too-small', exitCode: 2 });
  });

  it('an image too large for its slot', async () => {
    const error = await refused(['--profile', 'bookworm', '--slot-size', '128M']);
    expect(error).toMatchObject({ code: 'image-too-large', exitCode: 1 });
    const left = await readdir(artifacts, { recursive: true });
    expect(left.filter((path) => !/_bookworm$|build\.log$/.test(path))).toEqual([]);
  });

  it('an unreachable mirror: noble is never replaced by another release', async () => {
    // A name that no resolver knows (RFC 2606). The keyring exists, so the error is about the mirror.
    const keyring = join(scratch, 'keyring.gpg');
    await run('cp', ['/usr/share/keyrings/debian-archive-keyring.gpg', keyring]);
    const error = await refused([
      '--profile',
      'noble',
      '--mirror',
      'http://mirror.invalid/ubuntu',
      '--keyring',
      keyring,
    ]);
    expect(error).toMatchObject({ code: 'archive-unreachable', exitCode: 1 });
    expect(error.hint).toContain('--profile bookworm');
  });

  it('a missing keyring', async () => {
    const error = await refused(['--profile', 'noble', '--keyring', join(scratch, 'none.gpg')]);
    expect(error).toMatchObject({ code: 'keyring-missing' });
  });

  it('a misspelt package, in a short message and before anything is unpacked', async () => {
    const packages = ['--add-package', 'nftabels', '--hostname', 'misspelt'];
    const error = await refused(['--profile', 'bookworm', ...packages, '--fresh']);
    expect(error).toMatchObject({
      ...{ code: 'package-unknown', exitCode: 2 },
      hint: expect.stringContaining('did you mean nftables'),
    });
    expect(JSON.stringify(error).length).toBeLessThan(1000);
  });

  it('removal of a package that every image needs to become healthy', async () => {
    const error = await refused(['--profile', 'bookworm', '--remove-package', 'openssh-server']);
    expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
  });

  it('an artifacts directory that cannot be one', async () => {
    await writeFile(join(scratch, 'file'), '');
    const { stdout, exitCode } = await microLinux([
      'build',
      '--profile',
      'bookworm',
      '--json',
      '--artifacts',
      join(scratch, 'file/artifacts'),
    ]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'artifacts-unwritable' });
  });

  it('an unknown key in the config, with its line and the closest key', async () => {
    await writeFile(join(scratch, 'bad.yaml'), 'profile: bookworm\nhostnam: box\n');
    const error = await refused(['--config', join(scratch, 'bad.yaml')]);
    expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
    expect(JSON.stringify(error)).toMatch(/bad\.yaml:2.*hostname/s);
  });

  it('a second build in the same directory, while the first one runs', async () => {
    const temporary = join(scratch, 'tmp');
    await mkdir(temporary);
    await chmod(temporary, 0o755);
    const place = join(scratch, 'two');
    const first = spawn(
      join(ROOT, 'micro-linux'),
      ['build', '--profile', 'bookworm', '--fresh', '--artifacts', place],
      {
        env: { ...process.env, TMPDIR: temporary, XDG_CACHE_HOME: join(scratch, 'cache') },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const ended = new Promise<number | null>((resolve) => first.on('exit', resolve));
    // mmdebstrap is at work once the build says that Node is ready.
    await new Promise<void>((resolve, reject) => {
      let text = '';
      first.stderr.on('data', (bytes: Buffer) => {
        text += bytes.toString();
        if (/Node for the image/.test(text)) {
          resolve();
        }
      });
      first.on('exit', () => reject(new Error(`the first build ended early:\n${text}`)));
    });
    const { stdout, exitCode } = await microLinux([
      'build',
      '--profile',
      'bookworm',
      '--json',
      '--artifacts',
      place,
    ]);
    expect(exitCode).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'build-running' });

    // Ctrl-C: exits soon with 130 and leaves nothing behind, not even what mmdebstrap had unpacked.
    first.removeAllListeners('exit');
    const status = new Promise<number | null>((resolve) => first.on('exit', resolve));
    first.kill('SIGINT');
    expect(await Promise.race([status, ended])).toBe(130);
    expect(await readdir(temporary)).toEqual([]);
    const left = await readdir(place, { recursive: true });
    expect(left.filter((name) => !/_bookworm$|\.log$/.test(name))).toEqual([]);
    expect(await readdir(join(scratch, 'cache/micro-linux/rootfs'))).toEqual([]);
  });

  it('--dry-run prints the plan and does nothing', async () => {
    const place = join(scratch, 'dry');
    const plan = await microLinuxJson([
      'build',
      '--profile',
      'bookworm',
      '--dry-run',
      '--artifacts',
      place,
    ]);
    expect(JSON.stringify(plan)).toContain('mmdebstrap');
    await expect(readdir(place)).rejects.toThrow(/ENOENT/);
  });
});
