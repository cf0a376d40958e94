import type { CommandContext } from '../commands/context.ts';
import type { Config } from '../config/config.ts';
import { type ConfigOptions, configFlags } from '../config/flags.ts';
import { loadConfig } from '../config/load.ts';
import { type Directories, directories } from './directories.ts';

/** The config and directories of a command line. */
export async function loadForBuild(
  context: CommandContext,
  options: ConfigOptions & { readonly artifacts?: string },
): Promise<{ config: Config; places: Directories }> {
  const config = await loadConfig({
    path: options.config,
    cwd: context.cwd,
    env: context.env,
    flags: configFlags({ ...options }),
  });
  const places = directories(context.root, context.env, {
    artifacts: options.artifacts,
    cwd: context.cwd,
  });
  return { config, places };
}
