import { createHash } from 'node:crypto';
import type { Plugin } from 'esbuild';

/** Name of the program in stack traces. */
export const PROGRAM_NAME = 'ota-agent.js';
/** Length of a SHA-256. */
const DIGEST_BYTES = 32;

/**
 * Where the code cache of a bundle lies: the program as V8 compiled it, behind the digest of its
 * source.
 *
 * @param bundle path or URL; it ends in `.mjs`.
 */
export function codeCachePath(bundle: string): string {
  return bundle.replace(/\.mjs$/, '.cache');
}

/** The program as the text of a function. @param program a CommonJS module. */
export function programSource(program: string): string {
  return `(function (exports, module, require) {${program}\n})`;
}

/** V8 itself only compares the length of a source: with the code of another one it would run that. */
export function sourceDigest(source: string): Buffer {
  return createHash('sha256').update(source).digest();
}

/**
 * Puts the whole program but its first lines into the bundle as a text, which is compiled when it is
 * needed: compiling half a megabyte takes longer than all else that `--version` does. Where the code
 * cache lies beside the bundle and fits, not even then.
 */
export function compiledLater(source: string): Plugin {
  const digest = sourceDigest(source).toString('hex');
  return {
    name: 'compiled-later',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/main\.ts$/ }, () => ({
        contents: `
          const { Script } = process.getBuiltinModule('node:vm');
          const { readFileSync } = process.getBuiltinModule('node:fs');
          function codeCache() {
            try {
              const cache = readFileSync(new URL(import.meta.url.replace(/\\.mjs$/, '.cache')));
              const digest = cache.subarray(0, ${DIGEST_BYTES}).toString('hex');
              return digest === '${digest}' ? cache.subarray(${DIGEST_BYTES}) : undefined;
            } catch {
              return undefined;
            }
          }
          const script = new Script(${JSON.stringify(source)}, {
            filename: '${PROGRAM_NAME}',
            cachedData: codeCache(),
          });
          const module = { exports: {} };
          const require = (id) => process.getBuiltinModule(id);
          script.runInThisContext()(module.exports, module, require);
          export const { main } = module.exports;`,
      }));
    },
  };
}
