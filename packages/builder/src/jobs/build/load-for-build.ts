import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { type ConfigOptions, configFlags } from '../../config/flags.ts';
import { loadConfigFile } from '../../config/load.ts';
import type { WhereIs } from '../../config/where-is.ts';
import { checkMirrorAuth } from '../../host/check-mirror-auth.ts';
import { buildName } from '../../output/build-name.ts';
import { type BuildPlaces, directories } from '../../output/directories.ts';
import type { CommandContext } from '../../system/command-context.ts';

/** Inputs of the commands that build. */
export interface LoadedForBuild {
  readonly config: Config;
  /** The config file; null: there was none. Printed by `--json`. */
  readonly configFile: string | null;
  /** Where each value of the config was set. */
  readonly whereIs: WhereIs;
  readonly places: BuildPlaces;
}

/** The config and directories of a command line; reports which file the config came from. */
export async function loadForBuild(
  context: CommandContext,
  options: ConfigOptions & { readonly artifacts?: string },
): Promise<LoadedForBuild> {
  const { config, file, whereIs } = await loadConfigFile({
    path: options.config,
    variant: options.variant,
    cwd: context.cwd,
    env: context.env,
    flags: configFlags({ ...options }),
    notice: (line) => context.reporter.info(line),
  });
  await checkMirrorAuth(config, context.reporter);
  const places = directories(context.root, context.env, {
    artifacts: options.artifacts,
    cwd: context.cwd,
  });
  const name = buildName(config, options.variant);
  return {
    config,
    configFile: file ?? null,
    whereIs,
    places: {
      ...places,
      ...{ latest: places.artifacts, artifacts: join(places.artifacts, name) },
      ...{ name, profile: config.profile },
    },
  };
}
