import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MIB } from '@micro-linux/core';
import type { CommandContext } from '../commands/context.ts';
import type { Config } from '../config/config.ts';
import { type ConfigOptions, configFlags } from '../config/flags.ts';
import { loadConfig } from '../config/load.ts';
import { profileOf } from '../profiles/index.ts';
import { renderSizeReport } from '../report/size-report.ts';
import { type BuildResult, build } from './build.ts';
import { gatherFacts } from './build-facts.ts';
import { CREDENTIALS_FILE } from './credentials.ts';
import { type Directories, directories } from './directories.ts';
import { printPlan } from './print-plan.ts';

/** What the commands that build take beside the config's own flags. */
export interface RunBuildOptions extends ConfigOptions {
  readonly dryRun?: boolean;
  readonly fresh?: boolean;
  readonly artifacts?: string;
  readonly sizes?: boolean;
}

/** The config and directories of a command line. */
export async function loadForBuild(
  context: CommandContext,
  options: RunBuildOptions,
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

/** Loads the config, builds, and tells what came of it; undefined after a dry run. */
export async function runBuild(
  context: CommandContext,
  options: RunBuildOptions,
): Promise<BuildResult | undefined> {
  const { config, places } = await loadForBuild(context, options);
  if (options.dryRun) {
    const profile = profileOf(config.profile);
    printPlan(
      context,
      config,
      places,
      await gatherFacts(context.root, config, profile, context.env),
    );
    return undefined;
  }
  const result = await build({
    config,
    directories: places,
    env: context.env,
    reporter: context.reporter,
    signal: context.signal,
    version: ownVersion(),
    fresh: options.fresh === true,
  });
  // The record holds no secret; the password is for people's eyes and never goes into JSON.
  context.reporter.result(summary(places, options, result), {
    cached: result.cached,
    artifacts: places.artifacts,
    record: result.record,
  });
  return result;
}

/** Version of the builder, from its package.json. */
function ownVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}

function summary(places: Directories, options: RunBuildOptions, result: BuildResult): string {
  const { record } = result;
  return [
    result.cached
      ? `nothing changed since ${record.builtAt}: the artifacts are up to date`
      : `built ${record.profile} ${record.version} in ${record.seconds.toFixed(0)} s`,
    ...record.artifacts.map(
      ({ file, bytes }) => `  ${join(places.artifacts, file)}  ${(bytes / MIB).toFixed(0)} MiB`,
    ),
    `  slot image: ${(record.slot.bytes / MIB).toFixed(0)} of ${record.slotBytes / MIB} MiB, sha256 ${record.slot.sha256}`,
    ...(options.sizes ? ['what takes the room:', renderSizeReport(record.sizes)] : []),
    ...loginLines(places, result),
  ].join('\n');
}

function loginLines(places: Directories, result: BuildResult): readonly string[] {
  const file = join(places.artifacts, CREDENTIALS_FILE);
  if (result.password !== undefined) {
    return [`password (shown once): ${result.password}`, `  also in ${file}, for your eyes only`];
  }
  return result.cached ? [`  the password of that build, if it made one, is in ${file}`] : [];
}
