import type { BuildFacts } from '../build-facts.ts';

/** What `inspect` shows of the product's packages, archives and hooks; keys that add nothing are left out. */
export function productSummary({
  local,
  repositories,
  hooks,
}: Pick<BuildFacts, 'local' | 'repositories' | 'hooks'>): Readonly<Record<string, unknown>> {
  const scripts = Object.entries(hooks).flatMap(([stage, list]) =>
    list.length === 0 ? [] : [[stage, list.map(({ name }) => name)]],
  );
  return {
    ...(repositories.length === 0
      ? {}
      : {
          repositories: repositories.map(({ name, uris, suites, keep }) => ({
            ...{ name, uris, suites, keep },
          })),
        }),
    ...(local.length === 0
      ? {}
      : { localPackages: Object.fromEntries(local.map(({ name, version }) => [name, version])) }),
    ...(scripts.length === 0 ? {} : { hooks: Object.fromEntries(scripts) }),
  };
}
