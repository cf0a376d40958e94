import type { Config } from './config.ts';

/** The addresses of all archives that a config names. */
export function archiveAddresses(config: {
  readonly mirror: Config['mirror'];
  readonly repositories: readonly Pick<Config['repositories'][number], 'uris'>[];
}): readonly string[] {
  const { mirror, repositories } = config;
  return [
    ...new Set([
      ...(mirror === undefined ? [] : [mirror.archive, mirror.security]),
      ...repositories.flatMap(({ uris }) => uris),
    ]),
  ];
}
