import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { init } from 'es-module-lexer';
import { digestOf } from '../digest.ts';
import { type FoundPackage, findPackage, packageModule, packageName } from './find-package.ts';
import { type ModuleImports, moduleImports } from './module-imports.ts';

/**
 * Files of the checkout, by paths relative to its root: modules, each including all it imports, and
 * scripts or templates.
 */
export type StepCode = readonly string[];

/** Computes the digest of code. */
export type CodeDigest = (code: StepCode) => string;

interface SourceFile {
  readonly digest: string;
  /** Undefined for files that are not modules. */
  readonly module: ModuleImports | undefined;
}

const MODULES = ['.ts', '.js', '.mjs'];

/**
 * A reader of code below a directory. A module includes everything it imports from the repository
 * at run time, down to the files behind an index. External packages count by their version. Tests
 * and fixtures do not count, because no module imports them at run time.
 *
 * @param root the checkout, or where the builder is installed.
 * @returns reads each file once. It throws an error of the file system if an import is missing.
 */
export async function codeReader(root: string): Promise<CodeReader> {
  await init;
  return new CodeReader(realpathSync(root));
}

export class CodeReader {
  readonly #root: string;
  readonly #files = new Map<string, SourceFile>();
  /** By folder and name: Node searches upwards from a module's folder. */
  readonly #packages = new Map<string, FoundPackage>();

  constructor(root: string) {
    this.#root = root;
  }

  readonly digest: CodeDigest = (code) => digestOf([...this.parts(code)].sort());

  /** Inputs of {@link digest}: `path digest` of each file, `name@version` of each package. */
  parts(code: StepCode): ReadonlySet<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    for (const path of code) {
      this.#visit(join(this.#root, path), undefined, { found, seen });
    }
    return found;
  }

  /** @param names imported names; undefined: all. */
  #visit(path: string, names: readonly string[] | undefined, walk: Walk): void {
    const visit = `${path}\0${names?.join() ?? '*'}`;
    if (walk.seen.has(visit)) {
      return;
    }
    walk.seen.add(visit);
    const { digest, module } = this.#read(path);
    const reexports = module?.reexports;
    if (reexports && names) {
      for (const { specifier, names: passed, as } of reexports) {
        const wanted = passed?.filter((_, index) => names.includes(as?.[index] ?? ''));
        if (wanted === undefined || wanted.length > 0) {
          this.#follow(path, specifier, wanted ?? names, walk);
        }
      }
      return;
    }
    walk.found.add(`${relative(this.#root, path)} ${digest}`);
    for (const { specifier, names: taken } of module?.imports ?? []) {
      this.#follow(path, specifier, taken, walk);
    }
  }

  #follow(from: string, specifier: string, names: readonly string[] | undefined, walk: Walk): void {
    if (specifier.startsWith('.')) {
      this.#visit(join(dirname(from), specifier), names, walk);
    } else if (!isBuiltin(specifier)) {
      const found = this.#package(from, specifier);
      const module = packageModule(found, specifier);
      if (module === undefined) {
        walk.found.add(`${found.name}@${found.version}`);
      } else {
        this.#visit(module, names, walk);
      }
    }
  }

  #package(from: string, specifier: string): FoundPackage {
    const key = `${dirname(from)}\0${packageName(specifier)}`;
    const found = this.#packages.get(key) ?? findPackage(from, specifier, this.#root);
    this.#packages.set(key, found);
    return found;
  }

  #read(path: string): SourceFile {
    let file = this.#files.get(path);
    if (!file) {
      const bytes = readFileSync(path);
      const isModule = MODULES.includes(extname(path));
      file = {
        digest: createHash('sha256').update(bytes).digest('hex'),
        module: isModule ? moduleImports(bytes.toString('utf8')) : undefined,
      };
      this.#files.set(path, file);
    }
    return file;
  }
}

interface Walk {
  readonly found: Set<string>;
  readonly seen: Set<string>;
}
