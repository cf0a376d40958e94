import { createHash } from 'node:crypto';
import type { Plugin } from 'esbuild';

/** Name of the program in stack traces. */
export const PROGRAM_NAME = 'ota-agent.js';
/** Length of a SHA-256. */
const DIGEST_BYTES = 32;

/**
 * Path of a bundle's code cache: the digest of the source, then the program as compiled by V8.
 *
 * @param bundle path or URL; it ends in `.mjs`.
 */
export function codeCachePath(bundle: string): string {
  return bundle.replace(/\.mjs$/, '.cache');
}

/** The program as the source of a function. @param program a CommonJS module. */
export function programSource(program: string): string {
  return `(function (exports, module, require) {${program}\n})`;
}

/** V8 itself only compares the length of a source, so it would run the code of another one. */
export function sourceDigest(source: string): Buffer {
  return createHash('sha256').update(source).digest();
}

/**
 * Puts the program, except for its first lines, into the bundle as text that is compiled on demand:
 * compiling half a megabyte takes longer than the rest of `--version`. A matching code cache next
 * to the bundle saves even that.
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
