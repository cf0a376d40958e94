import { parse } from 'es-module-lexer';

/** What a module takes from another one when it runs; types are no part of it. */
export interface ModuleImport {
  /** As it is written: `./a.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Names in the other module; undefined: all of it, or nobody knows which. */
  readonly names: readonly string[] | undefined;
}

/** What a module only passes on. */
export interface Reexport extends ModuleImport {
  /** The names under which {@link ModuleImport.names} are passed on, in the same order. */
  readonly as: readonly string[] | undefined;
}

export interface ModuleImports {
  readonly imports: readonly ModuleImport[];
  /** Set for a module that does nothing but pass on what others export. */
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
  // `import {}` of types alone loads nothing once they are stripped.
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

/** The names a statement takes, each with the name it gives it; undefined: not only by name. */
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

/** Whether nothing but comments and exports of types stands in a module. */
function isEmpty(text: string): boolean {
  const rest = text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/export\s+type\s*\{[^}]*\}\s*from\s*(['"]).*?\1/g, '');
  return /^[\s;]*$/.test(rest);
}
