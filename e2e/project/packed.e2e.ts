import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microLinux, ROOT } from '../harness/cli/micro-linux.ts';
import { makeScratch, removeScratch } from '../harness/cli/scratch.ts';
import { installPacked, type Packed } from './packed.ts';

describe('the builder, packed and installed by npm', () => {
  let scratch: string;
  let packed: Packed;
  let folder: string;

  beforeAll(async () => {
    scratch = await makeScratch('packed');
    packed = await installPacked(scratch);
    folder = join(scratch, 'empty');
    await mkdir(folder);
  });
  afterAll(() => removeScratch(scratch));

  it('contains no tests, and nothing but the program', async () => {
    const { stdout } = await run('tar', ['-tzf', packed.tarball]);
    const names = stdout.trim().split('\n').sort();
    const isManual = (name: string) => name.startsWith('package/dist/man/');
    expect(names.filter((name) => !isManual(name))).toEqual([
      ...['package/LICENSE', 'package/README.md', 'package/dist/program.tar.gz'],
      ...['package/npm/micro-linux', 'package/npm/start.mjs', 'package/package.json'],
    ]);
    expect(await readFile(join(ROOT, 'packages/builder/package.json'), 'utf8')).toContain(
      'workspace:*',
    );
  });

  it('installs manual pages of both programs', async () => {
    const manual = (section: number) => readdir(join(packed.prefix, `share/man/man${section}`));
    expect(await manual(1)).toEqual(
      expect.arrayContaining(['micro-linux.1', 'micro-linux-build.1', 'micro-linux-init.1']),
    );
    expect(await manual(8)).toEqual(expect.arrayContaining(['ota-agent.8', 'ota-agent-apply.8']));
    const page = await readFile(join(packed.prefix, 'share/man/man1/micro-linux-build.1'), 'utf8');
    expect(page).toContain('\\fB\\-\\-format\\fR');
    expect(page).toMatch(/^\.TH "MICRO\\-LINUX\\-BUILD" 1 \d{4}-\d\d-\d\d "micro\\-linux \d/m);
  });

  it('contains no credentials or keys that a build of an example left there', async () => {
    await run('tar', ['-xzf', packed.tarball, '-C', scratch, 'package/dist/program.tar.gz']);
    const { stdout } = await run('tar', ['-tzf', join(scratch, 'package/dist/program.tar.gz')]);
    const examples = stdout.split('\n').filter((name) => name.startsWith('examples/'));
    expect(examples).toContain('examples/gateway/micro-linux.yaml');
    expect(examples.filter((name) => /\/artifacts|\/keys|\.deb$/.test(name))).toEqual([]);
  });

  it('copies each example, and nothing that builds left in it', async () => {
    const { stdout } = await run('git', ['ls-files', 'examples/*/*'], { cwd: ROOT });
    const tracked = stdout.trim().split('\n');
    for (const example of await readdir(join(ROOT, 'examples'))) {
      const files = tracked
        .filter((path) => path.startsWith(`examples/${example}/`))
        .map((path) => path.slice(`examples/${example}/`.length));
      if (files.length === 0) {
        continue;
      }
      const made = await packed.program(scratch, ['init', `my-${example}`, '--example', example]);
      expect(made.exitCode, made.stderr).toBe(0);
      const copied = await readdir(join(scratch, `my-${example}`), {
        ...{ recursive: true, withFileTypes: true },
      });
      const names = copied
        .filter((entry) => !entry.isDirectory())
        .map((entry) =>
          relative(join(scratch, `my-${example}`), join(entry.parentPath, entry.name)),
        );
      expect(names.sort()).toEqual(
        [...new Set([...files, '.github/workflows/build.yml', '.gitignore'])].sort(),
      );
    }
    const gateway = join(scratch, 'my-gateway');
    await run(join(gateway, 'build-app.sh'), []);
    const config = await packed.program(gateway, ['config']);
    expect(config.exitCode, config.stderr).toBe(0);
    expect(config.stdout).toContain('my-gateway');
  });

  it('prints the same help as a checkout', async () => {
    const [installed, checkout] = [
      await packed.program(folder, ['build', '--help']),
      await microLinux(['build', '--help']),
    ];
    expect(installed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(installed.stdout.replaceAll(/\s+/g, ' ')).toBe(
      checkout.stdout.replaceAll('./micro-linux', 'micro-linux').replaceAll(/\s+/g, ' '),
    );
  });

  it('runs by npx', async () => {
    await mkdir(join(scratch, 'npx'));
    await cp(packed.tarball, join(scratch, 'npx', basename(packed.tarball)));
    const npx = await packed.command(join(scratch, 'npx'), [
      ...(['npx', '--yes', '--prefer-offline', `./${basename(packed.tarball)}`, 'vm'] as const),
    ]);
    expect(npx.exitCode).toBe(1);
    expect(npx.stderr).toContain('error[image-missing]');
    expect(npx.stderr).toContain('try: npx micro-linux build');
  });

  it('plans the same steps with the same keys as a checkout', async () => {
    const args = ['build', '--profile', 'bookworm', '--offline', '--dry-run', '--json'];
    const installed = await packed.program(folder, args);
    expect(installed.exitCode, installed.stderr).toBe(0);
    // In the same folder: a checkout in which something was built has a development key.
    const checkout = await microLinux([...args, '--artifacts', join(folder, 'artifacts')], {
      cwd: folder,
      env: { XDG_CACHE_HOME: join(packed.home, '.cache') },
    });
    const keys = (text: string) => text.match(/\.cache\/micro-linux\/[\w-]+\/[0-9a-f]{64}/g) ?? [];
    expect(keys(checkout.stdout).length).toBeGreaterThan(10);
    expect(keys(installed.stdout)).toEqual(keys(checkout.stdout));
    expect(await readdir(folder)).toEqual([]);
  });

  it('uses the config of the current folder, and puts artifacts there', async () => {
    const product = join(scratch, 'product');
    await mkdir(product);
    await writeFile(join(product, 'micro-linux.yaml'), 'profile: bookworm\nhostname: product\n');
    const { exitCode, stderr } = await packed.program(product, ['seed']);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('config: micro-linux.yaml');
    expect(await readFile(join(product, 'artifacts/autoinstall/user-data'), 'utf8')).toContain(
      'product',
    );
  });

  it('unpacks itself again after its cache was removed, and reports where it cannot', async () => {
    const cache = join(packed.home, '.cache/micro-linux-program');
    await rm(cache, { recursive: true });
    const [one, two] = await Promise.all([
      packed.program(folder, ['--version']),
      packed.program(folder, ['--version']),
    ]);
    expect([one, two]).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(await readdir(cache)).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), 'node-compile']);

    await rename(cache, `${cache}.kept`);
    await writeFile(cache, 'a file');
    const blocked = await packed.program(folder, ['--version']);
    await rm(cache);
    await rename(`${cache}.kept`, cache);
    expect(blocked.exitCode).toBe(1);
    expect(blocked.stderr).toContain('error[setup-failed]: the program cannot be unpacked into');
  });
});
