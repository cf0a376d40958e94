import { parse } from 'es-module-lexer';

/** What a module imports from another one at run time, without types. */
export interface ModuleImport {
  /** As written: `./a.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Names in the other module; undefined: all, or unknown. */
  readonly names: readonly string[] | undefined;
}

/** A re-export of a module. */
export interface Reexport extends ModuleImport {
  /** The exported names of {@link ModuleImport.names}, in the same order. */
  readonly as: readonly string[] | undefined;
}

export interface ModuleImports {
  readonly imports: readonly ModuleImport[];
  /** Set for a module that contains only re-exports. */
  readonly reexports: readonly Reexport[] | undefined;
}

/** Reads the imports of a TypeScript or JavaScript module. Call `init` of es-module-lexer first. */
export function moduleImports(text: string): ModuleImports {
  const statements = parse(text)[0].flatMap(({ n: specifier, ss, se }) => {
    const statement = text.slice(ss, se);
    return specifier === undefined || /^(import|export)\s+type\b/.test(statement)
      ? []
      : [{ specifier, statement, start: ss, end: se }];
  });
  const imports = statements.map(({ specifier, statement }) => {
    const names = namesOf(statement);
    return { specifier, names: names?.map(([name]) => name) };
  });
  // An `import {}` with only types loads nothing after type stripping.
  const values = imports.filter(({ names }) => names === undefined || names.length > 0);
  const onlyPasses =
    statements.length > 0 &&
    statements.every(({ statement }) => /^export\b/.test(statement)) &&
    isEmpty(statements.reduceRight((rest, { start, end }) => cut(rest, start, end), text));
  return {
    imports: values,
    reexports: onlyPasses
      ? statements.map(({ specifier, statement }) => {
          const names = namesOf(statement);
          return {
            specifier,
            names: names?.map(([name]) => name),
            as: names?.map(([, as]) => as),
          };
        })
      : undefined,
  };
}

/** The names a statement imports, each with its local name; undefined: not only named imports. */
function namesOf(statement: string): readonly (readonly [string, string])[] | undefined {
  const list = /^(?:import|export)\s*\{([^}]*)\}\s*from\b/.exec(statement)?.[1];
  return list
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '' && !item.startsWith('type '))
    .map((item) => {
      const [name = '', as = name] = item.split(/\s+as\s+/);
      return [name, as] as const;
    });
}

function cut(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(end);
}

/** Whether a module contains only comments and exports of types. */
function isEmpty(text: string): boolean {
  const rest = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/export\s+type\s*\{[^}]*\}\s*from\s*(['"]).*?\1/g, '');
  return /^[\s;]*$/.test(rest);
}
