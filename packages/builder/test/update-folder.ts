import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '@micro-linux/core';
import { expect, vi } from 'vitest';
import { outputProblem } from '../src/cli/json/outputs.ts';
import { runCli } from '../src/cli.ts';
import { toolPath } from '../src/host/tool-path.ts';

/** The result of a command line. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a small slot image, two pairs of keys and a config that trusts both. */
export interface UpdateFolder {
  readonly path: string;
  /** Key ids. */
  readonly a: string;
  readonly b: string;
  at(name: string): string;
  /** Runs the builder in the folder, which also contains its cache and work directories. */
  cli(...argv: readonly string[]): Promise<Outcome>;
  /** The same with `--json`: its output and its exit code. */
  json(...argv: readonly string[]): Promise<Record<string, unknown>>;
  /** Makes x.update.img from the slot image. */
  makeUpdate(...more: readonly string[]): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

/** Makes an {@link UpdateFolder}. */
export async function updateFolder(): Promise<UpdateFolder> {
  vi.stubEnv('PATH', toolPath(process.env['PATH']));
  const path = await mkdtemp(join(tmpdir(), 'update-folder-'));
  const at = (name: string) => join(path, name);
  const cli = (...argv: readonly string[]) => runIn(path, argv);
  const json = async (...argv: readonly string[]) => {
    const { exitCode, stdout } = await cli(...argv, '--json');
    expect(outputProblem(String(argv[0]), JSON.parse(stdout), exitCode)).toBeUndefined();
    return { exitCode, ...(JSON.parse(stdout) as object) } as Record<string, unknown>;
  };
  const info = at('tree/usr/lib/micro-linux');
  await mkdir(info, { recursive: true });
  await writeFile(join(info, 'image.json'), JSON.stringify(IMAGE_INFO));
  await run('mke2fs', ['-q', '-t', 'ext4', '-d', at('tree'), at('slot.ext4'), '8M']);
  const keygen = async (file: string) => String((await json('keygen', file))['keyId']);
  const [a, b] = [await keygen('a.pem'), await keygen('b.pem')];
  await writeFile(
    at('micro-linux.yaml'),
    'profile: bookworm\nupdate: {trustedKeys: [a.pub.pem, b.pub.pem], rollbackIndex: 3}\n',
  );
  return {
    path,
    a,
    b,
    at,
    cli,
    json,
    makeUpdate: (...more) =>
      json('update', '--slot-image', 'slot.ext4', '--output', 'x.update.img', ...more),
    async remove() {
      vi.unstubAllEnvs();
      await rm(path, { recursive: true });
    },
  };
}

/** The info in the slot image: the same as the config's defaults. */
export const IMAGE_INFO = {
  ...{ schema: 1, profile: 'bookworm', version: '0.1.0', compatible: 'micro-linux-x86_64' },
  ...{ rollbackIndex: 3, buildId: 'b1', kernel: '6.1.0' },
};

async function runIn(folder: string, argv: readonly string[]): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli({
    argv,
    streams: { stdout, stderr: Object.assign(stderr, { isTTY: false }) as never },
    env: {
      PATH: process.env['PATH'],
      XDG_CACHE_HOME: join(folder, 'cache'),
      TMPDIR: folder,
    },
    cwd: folder,
    root: resolve(import.meta.dirname, '../../..'),
    version: '0.0.0',
    interactive: false,
    signal: new AbortController().signal,
  });
  const text = (stream: PassThrough) => String(stream.read() ?? '');
  return { exitCode, stdout: text(stdout), stderr: text(stderr) };
}
