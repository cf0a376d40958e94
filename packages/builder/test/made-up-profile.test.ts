import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '@micro-linux/core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** All that a new release needs. */
const PROFILE = `import { ubuntuRelease } from '../ubuntu.ts';

export const profile = {
  ...ubuntuRelease('zesty', '17.04'),
  packages: ['zstd', 'made-up-package'],
  liveServer: { release: '17.04' },
};
`;

let copy: string;
const builder = (...words: string[]) =>
  run(process.execPath, [join(copy, 'packages/builder/src/bin.ts'), ...words], {
    cwd: copy,
    okExitCodes: [0, 2],
  });

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'made-up-profile-'));
  // The checkout, linked, with copies of only the builder's files.
  linkAll(REPOSITORY, copy, ['packages', 'micro-linux.yaml', 'artifacts']);
  linkAll(join(REPOSITORY, 'packages'), join(copy, 'packages'), ['builder']);
  linkAll(join(REPOSITORY, 'packages/builder'), join(copy, 'packages/builder'), ['src']);
  cpSync(join(REPOSITORY, 'packages/builder/src'), join(copy, 'packages/builder/src'), {
    recursive: true,
  });
  writeFileSync(join(copy, 'packages/builder/src/profiles/releases/zesty.ts'), PROFILE);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

it('a new release is one file: every command supports it', async () => {
  const { stdout: help } = await builder('build', '--help');
  expect(help).toMatch(/--profile <name> .*\bzesty\b/);
});

it('is used by a build', async () => {
  const mirror = 'https://mirror.example/ubuntu';
  const { stdout } = await builder(
    ...['build', '--dry-run', '--json', '--profile', 'zesty', '--mirror', mirror],
  );
  const plan: unknown = JSON.parse(stdout);
  expect(plan).toMatchObject({ ok: true });
  expect(stdout).toContain('root file system of Ubuntu 17.04 (zesty)');
  expect(stdout).toContain(`${mirror} zesty-security main universe`);
  expect(stdout).toMatch(/--include=\S*\bmade-up-package\b/);
});

it('is in the suggestions for a misspelled name', async () => {
  const { stdout } = await builder('build', '--dry-run', '--json', '--profile', 'zestty');
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'config-invalid' });
  expect(stdout).toMatch(/not one of [^"]*\bzesty\b|did you mean [^"]*\bzesty\b/);
});

it('adds the release whose live server can be remastered', async () => {
  const known = join(copy, 'packages/builder/src/jobs/remaster/source/known-releases.ts');
  const script = `import(${JSON.stringify(known)}).then((it) => console.log(it.isKnownRelease('17.04.1'), it.KNOWN_ISOS))`;
  const { stdout } = await run(process.execPath, ['--eval', script]);
  expect(stdout).toMatch(/^true .*ubuntu-17\.04\.N-live-server-amd64\.iso/);
});

function linkAll(from: string, to: string, except: readonly string[]): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((one) => !except.includes(one))) {
    symlinkSync(join(from, name), join(to, name));
  }
}
