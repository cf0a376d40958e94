import { mkdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Where `pnpm build` leaves the bundle. */
const DEFAULT_OUTPUT = join(import.meta.dirname, 'dist/ota-agent.mjs');

/**
 * Takes Node's own modules when the code that needs them first runs. As plain `import` statements
 * they would all be loaded at start, which doubles the time of `--version`.
 */
const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path)
        ? { path, namespace: 'lazy-builtin' }
        : undefined,
    );
    onLoad({ filter: /^/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
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
  const result = await build({
    entryPoints: [join(import.meta.dirname, 'src/bin.ts')],
    absWorkingDir: import.meta.dirname,
    outfile: output,
    bundle: true,
    minify: true,
    // Stack traces in a bug report should name functions.
    keepNames: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    // The only modules left to require are Node's own: execa's dependencies are CommonJS.
    banner: { js: 'const require=(id)=>process.getBuiltinModule(id);' },
    plugins: [lazyBuiltins],
  });
  return Object.values(result.metafile.outputs)[0]?.bytes ?? 0;
}

if (import.meta.main) {
  const bytes = await buildAgent(process.argv[2]);
  process.stdout.write(`${process.argv[2] ?? DEFAULT_OUTPUT}: ${bytes} bytes\n`);
}
