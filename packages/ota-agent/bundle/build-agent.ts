import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '@micro-linux/core';
import { build, type Plugin } from 'esbuild';
import { codeCachePath, compiledLater, programSource } from './compiled-later.ts';
import { lazyBuiltins } from './lazy-builtins.ts';

const SOURCES = join(import.meta.dirname, '../src');
const DEFAULT_MAIN = join(SOURCES, 'main.ts');
/** Where `pnpm build` leaves the bundle. */
const DEFAULT_OUTPUT = join(import.meta.dirname, '../dist/ota-agent.mjs');
/**
 * Makes V8's code cache depend only on the source. Without a seed (any number) V8 hashes strings
 * differently each time. Without `--predictable` a helper thread compiles hot functions for
 * Sparkplug, and the cache records which ones it has finished, so on a busy machine a few bits
 * differ. V8 ignores these two flags when it compares a cache's settings with its own, so the
 * device accepts the cache without them.
 */
const SAME_CACHE_FLAGS = ['--random-seed=1', '--predictable'];

/** Messages of zod in forty languages, a quarter of the bundle; the agent needs only one. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
    }));
  },
};

const COMMON = {
  absWorkingDir: dirname(SOURCES),
  bundle: true,
  minify: true,
  // Stack traces in a bug report should name functions.
  keepNames: true,
  platform: 'node',
  target: 'node24',
  legalComments: 'none',
  logLevel: 'error',
} as const;

export interface BuildAgentOptions {
  /** Path of the bundle; its code cache is next to it. */
  readonly output?: string | undefined;
  /** The module whose `main` it runs; a benchmark uses another one. */
  readonly main?: string | undefined;
}

/**
 * Bundles the agent into one file that runs on the Node that the image carries, without
 * node_modules. The same sources give the same bytes.
 *
 * @returns its size in bytes.
 */
export async function buildAgent({
  output = DEFAULT_OUTPUT,
  main = DEFAULT_MAIN,
}: BuildAgentOptions = {}): Promise<number> {
  await mkdir(dirname(output), { recursive: true });
  const source = await bundleProgram(main);
  const result = await build({
    ...COMMON,
    entryPoints: [join(SOURCES, 'bin.ts')],
    outfile: output,
    format: 'esm',
    metafile: true,
    plugins: [compiledLater(source)],
  });
  await writeCodeCache(source, codeCachePath(output));
  return Object.values(result.metafile.outputs)[0]?.bytes ?? 0;
}

/** The program without its first lines, as the source of a function. */
export async function bundleProgram(main: string = DEFAULT_MAIN): Promise<string> {
  const program = await build({
    ...COMMON,
    format: 'cjs',
    plugins: [lazyBuiltins, oneLanguage],
    entryPoints: [main],
    write: false,
  });
  return programSource(program.outputFiles[0]?.text ?? '');
}

/** In a separate process: V8 reads its flags at start. */
async function writeCodeCache(source: string, output: string): Promise<void> {
  const text = `${output}.source`;
  await writeFile(text, source);
  try {
    await run(
      process.execPath,
      [...SAME_CACHE_FLAGS, join(import.meta.dirname, 'compile.ts'), text, output],
      // V8 rejects a cache that was made with other settings. With a compile cache, such as that of
      // the launcher, the first run gives other bytes than the next ones.
      { env: { NODE_OPTIONS: '', NODE_DISABLE_COMPILE_CACHE: '1' } },
    );
  } finally {
    await rm(text, { force: true });
  }
}

if (import.meta.main) {
  const output = process.argv[2];
  const bytes = await buildAgent({ output });
  process.stdout.write(`${output ?? DEFAULT_OUTPUT}: ${bytes} bytes\n`);
}
