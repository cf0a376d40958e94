import { mkdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

/** Where `pnpm build` leaves the bundle. */
const DEFAULT_OUTPUT = join(import.meta.dirname, 'dist/ota-agent.mjs');

/**
 * Takes Node's own modules when the code that needs them first runs. As plain `import` statements
 * they would all be loaded at start, which doubles the time of `--version`. Code that is compiled
 * later cannot `import()` them at all.
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^/ }, ({ path, kind }) =>
      ['import-statement', 'dynamic-import'].includes(kind) && isBuiltin(path)
        ? { path, namespace: 'lazy-builtin' }
        : undefined,
    );
    onLoad({ filter: /^/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Messages of zod in forty languages, of which the agent speaks one: a quarter of the bundle. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
    }));
  },
};

/**
 * Puts the whole program but its first lines into the bundle as a text, which is compiled when it
 * is needed: compiling a megabyte takes longer than all else that `--version` does.
 *
 * @param program the program as a CommonJS module.
 */
function compiledLater(program: string): Plugin {
  return {
    name: 'compiled-later',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/main\.ts$/ }, () => ({
        contents: `
          const { compileFunction } = process.getBuiltinModule('node:vm');
          const program = ${JSON.stringify(program)};
          const body = compileFunction(program, ['exports', 'module', 'require'], {
            filename: 'ota-agent.js',
          });
          const module = { exports: {} };
          body(module.exports, module, (id) => process.getBuiltinModule(id));
          export const { main } = module.exports;`,
      }));
    },
  };
}

const COMMON = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  minify: true,
  // Stack traces in a bug report should name functions.
  keepNames: true,
  platform: 'node',
  target: 'node24',
  legalComments: 'none',
  logLevel: 'error',
} as const;

/** How the agent's program is bundled: what is measured in bench/ is bundled so, too. */
export const PROGRAM_BUNDLE: BuildOptions = {
  ...COMMON,
  format: 'cjs',
  plugins: [lazyBuiltins, oneLanguage],
};

/**
 * Bundles the agent into one file that runs on the Node that the image carries, without
 * node_modules. The same sources give the same bytes.
 *
 * @param output path of the bundle.
 * @returns its size in bytes.
 */
export async function buildAgent(output: string = DEFAULT_OUTPUT): Promise<number> {
  await mkdir(dirname(output), { recursive: true });
  const program = await build({
    ...PROGRAM_BUNDLE,
    entryPoints: [join(import.meta.dirname, 'src/main.ts')],
    write: false,
  });
  const result = await build({
    ...COMMON,
    entryPoints: [join(import.meta.dirname, 'src/bin.ts')],
    outfile: output,
    format: 'esm',
    metafile: true,
    plugins: [compiledLater(program.outputFiles[0]?.text ?? '')],
  });
  return Object.values(result.metafile.outputs)[0]?.bytes ?? 0;
}

if (import.meta.main) {
  const bytes = await buildAgent(process.argv[2]);
  process.stdout.write(`${process.argv[2] ?? DEFAULT_OUTPUT}: ${bytes} bytes\n`);
}
