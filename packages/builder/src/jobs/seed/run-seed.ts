import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { formatByteSize, type Identity, neededDiskBytes } from '@micro-linux/provision';
import { readySeed } from '../../artifacts/ready-seed.ts';
import { reportSeedBeforehand } from '../../artifacts/report-seed.ts';
import {
  identityBeforehand,
  withoutHash,
  withoutNetworkSecrets,
} from '../../autoinstall/check/own-seed.ts';
import { SeedFile } from '../../autoinstall/make/seed-files.ts';
import type { SeedPassword } from '../../autoinstall/make/seed-password.ts';
import { type SeedFiles, seedStep } from '../../autoinstall/make/seed-step.ts';
import type { Config } from '../../config/config.ts';
import type { ConfigOptions } from '../../config/flags.ts';
import { identityOf } from '../../config/identity/identity-of.ts';
import { writeCredentials } from '../../output/credentials.ts';
import { type BuildPlaces, CREDENTIALS_FILE, SEED_DIRECTORY } from '../../output/directories.ts';
import { linkLatest } from '../../output/latest-links.ts';
import { stepRunner } from '../../plan/run-steps.ts';
import { stepResult } from '../../plan/step-directory.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';
import { buildLogin } from '../build/build-login.ts';
import { loadForBuild } from '../build/load-for-build.ts';
import { lockArtifacts } from '../build/lock.ts';
import { passwordLines } from '../build/password-lines.ts';

/** Options of `seed`, in addition to the config's flags. */
export interface SeedOptions extends ConfigOptions {
  readonly dryRun?: boolean;
  readonly artifacts?: string;
}

/**
 * `seed`: makes the seed of a config by the step that `build` and `iso` use. Its plan is this one step,
 * so that it needs none of the tools of a build.
 *
 * @throws MicroLinuxError `seed-refused`; what `loadConfig` and `lockArtifacts` document;
 *   `tool-missing` (openssl).
 */
export async function runSeed(context: CommandContext, options: SeedOptions): Promise<void> {
  const { config, configFile, places } = await loadForBuild(context, options);
  reportSeedBeforehand(config, context.reporter);
  if (options.dryRun) {
    await dryRun(context, config, configFile, places);
    return;
  }
  const release = await lockArtifacts(places.artifacts);
  try {
    const { artifacts } = places;
    const { signal } = context;
    const login = buildLogin({ user: config.user, artifacts, run, signal, renew: () => false });
    const build = randomUUID();
    const making = {
      config,
      identity: async () => identityOf(config, (await login.ask()).hash),
      instanceId: `micro-linux-${build}`,
    };
    await withSeed(context, places, making, async (made) => {
      const ready = await readySeed('seed', made);
      signal.throwIfAborted();
      const password = await login.ask();
      // First the secret, then the seed that contains it.
      if (password.plain !== undefined) {
        const { name: user } = config.user;
        await writeCredentials(artifacts, { user, password: password.plain, build });
      }
      const files = (await ready.publish(artifacts)).map(({ file }) => join(artifacts, file));
      await linkLatest(places, context.reporter);
      context.reporter.result(summary(files, config, password, artifacts, context), {
        config: configFile,
        files,
        minimumDiskBytes: neededDiskBytes(config.disk),
        user: config.user.name,
        password: password.source,
        network: config.network.kind,
      });
    });
  } finally {
    await release();
  }
}

/** Prints what would be written, without any hash. */
async function dryRun(
  context: CommandContext,
  config: Config,
  configFile: string | null,
  places: BuildPlaces,
): Promise<void> {
  const making = {
    config: withoutNetworkSecrets(config),
    identity: () => Promise.resolve(identityBeforehand(config)),
    instanceId: 'micro-linux-ID',
  };
  await withSeed(context, places, making, async (made) => {
    const files = [];
    for (const [key, name] of Object.entries(SeedFile)) {
      const text = await readFile(made[key as keyof typeof SeedFile], 'utf8');
      const path = join(places.artifacts, SEED_DIRECTORY, name);
      files.push({ path, text: withoutHash(text) });
    }
    context.reporter.result(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'), {
      config: configFile,
      files,
    });
  });
}

/** What a seed is made of. */
interface Making {
  readonly config: Config;
  readonly identity: () => Promise<Identity>;
  readonly instanceId: string;
}

/** Runs the seed's step in a folder of its own, lets `use` read its files, and removes them. */
async function withSeed(
  { reporter, signal }: CommandContext,
  places: BuildPlaces,
  making: Making,
  use: (files: SeedFiles) => Promise<void>,
): Promise<void> {
  const workDirectory = await makeOwnFolder(places.temporary, 'micro-linux-seed-', run);
  try {
    const step = seedStep({ ...making, notice: (line) => reporter.info(line) });
    const placement = {
      cacheDirectory: places.cache,
      workDirectory,
      // Only steps that are cached or recorded need their key.
      keyOf: () => '',
    };
    const logFile = join(workDirectory, 'log');
    await stepRunner({ ...placement, run, signal, reporter, logFile, fresh: false }).run([step]);
    await use(stepResult(step, placement));
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

function summary(
  files: readonly string[],
  config: Config,
  password: SeedPassword,
  artifacts: string,
  { mayShowSecrets }: CommandContext,
): string {
  const { size, ...rules } = config.install.disk;
  const others = Object.entries(rules).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${value}`],
  );
  return [
    'made the seed of an installation that asks nothing',
    ...files.map((file) => `  ${file}`),
    `  it installs to the ${[size, ...others].join(', ')} disk, of ${formatByteSize(neededDiskBytes(config.disk))} or more`,
    ...(password.plain === undefined
      ? password.source === 'kept'
        ? [`  the password is the one in ${join(artifacts, CREDENTIALS_FILE)}`]
        : []
      : passwordLines(password.plain, { artifacts, mayShowSecrets })),
  ].join('\n');
}
