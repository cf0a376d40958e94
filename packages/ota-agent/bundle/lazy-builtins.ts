import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Loads Node's own modules when the code that needs them first runs. Plain `import` statements
 * would load them all at start, which doubles the time of `--version`. Code that is compiled later
 * cannot `import()` them at all.
 */
export const lazyBuiltins: Plugin = {
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
