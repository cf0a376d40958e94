import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, run } from '@micro-linux/core';
import { formatByteSize, neededDiskBytes, withoutSecrets } from '@micro-linux/provision';
import {
  checkByCloudInit,
  complaintFindings,
  explainCloudInit,
} from '../../autoinstall/check/cloud-init.ts';
import { lintOwnSeed, NO_HASH } from '../../autoinstall/check/own-seed.ts';
import { renderFindings } from '../../autoinstall/check/render-findings.ts';
import { reportSeed } from '../../autoinstall/check/report-seed.ts';
import { makeAutoinstall } from '../../autoinstall/make/autoinstall.ts';
import {
  SEED_DIRECTORY,
  SeedFile,
  type SeedTexts,
  seedTexts,
} from '../../autoinstall/make/seed-files.ts';
import { type SeedPassword, seedPassword } from '../../autoinstall/make/seed-password.ts';
import { writeSeed } from '../../autoinstall/make/write-seed.ts';
import type { Config } from '../../config/config.ts';
import type { ConfigOptions } from '../../config/flags.ts';
import { CREDENTIALS_FILE, writeCredentials } from '../../output/credentials.ts';
import type { Directories } from '../../output/directories.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';
import { loadForBuild } from '../build/load-for-build.ts';
import { lockArtifacts } from '../build/lock.ts';
import { passwordLines } from '../build/password-lines.ts';

/** Options of `seed`, in addition to the config's flags. */
export interface SeedOptions extends ConfigOptions {
  readonly dryRun?: boolean;
  readonly artifacts?: string;
}

/**
 * Makes the seed of a config, checks it, and only then writes it. Returns the exit code: 2 if the
 * check found errors.
 *
 * @throws MicroLinuxError what `loadConfig` and `lockArtifacts` document; `tool-missing` (openssl).
 */
export async function runSeed(context: CommandContext, options: SeedOptions): Promise<number> {
  const { config, configFile, places } = await loadForBuild(context, options);
  if (options.dryRun) {
    return await dryRun(context, config, configFile, places);
  }
  const release = await lockArtifacts(places.artifacts);
  try {
    const password = await seedPassword(config.user, places.artifacts, run, context.signal);
    const id = randomUUID();
    const texts = textsOf(config, password.hash, id);
    const refused = await check(context, config, texts, places);
    if (refused !== undefined) {
      return refused;
    }
    // First the secret, then the seed that contains it.
    if (password.plain !== undefined) {
      const { name } = config.user;
      await writeCredentials(places.artifacts, { user: name, password: password.plain, build: id });
    }
    const files = await writeSeed(places.artifacts, texts);
    const minimumDiskBytes = neededDiskBytes(config.disk);
    context.reporter.result(summary(files, config, password, places.artifacts, context), {
      config: configFile,
      files,
      minimumDiskBytes,
      user: config.user.name,
      password: password.source,
      network: config.network.kind,
    });
    return ExitCode.done;
  } finally {
    await release();
  }
}

function textsOf(config: Config, hash: string | undefined, id: string): SeedTexts {
  return seedTexts(makeAutoinstall(config, hash), `micro-linux-${id}`);
}

/** Prints what would be written, without any hash. */
async function dryRun(
  context: CommandContext,
  config: Config,
  configFile: string | null,
  places: Directories,
): Promise<number> {
  const hash = config.user.password.kind === 'disabled' ? undefined : NO_HASH;
  const shown = { ...config, network: withoutSecrets(config.network) };
  const texts = textsOf(shown, hash, 'ID');
  const refused = await check(context, shown, texts, places);
  if (refused !== undefined) {
    return refused;
  }
  const files = Object.values(SeedFile).map((name) => ({
    path: join(places.artifacts, SEED_DIRECTORY, name),
    text: texts[name].replaceAll(NO_HASH, '(hash)'),
  }));
  context.reporter.result(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'), {
    config: configFile,
    files,
  });
  return ExitCode.done;
}

/** Undefined if the seed may be written; otherwise prints the errors and returns the exit code. */
async function check(
  context: CommandContext,
  config: Config,
  texts: SeedTexts,
  places: Directories,
): Promise<number | undefined> {
  const text = texts[SeedFile.userData];
  const report = lintOwnSeed(text, config);
  const directory = await makeOwnFolder(places.temporary, 'micro-linux-seed-', run);
  try {
    const file = join(directory, SeedFile.userData);
    await writeFile(file, text, { mode: 0o600 });
    const cloudInit = await checkByCloudInit(file, run, context.signal);
    const findings = [...report.findings, ...complaintFindings(cloudInit, report.origins)];
    if (findings.some(({ severity }) => severity === 'error')) {
      context.reporter.info(
        'nothing was written: this configuration makes a seed that does not install; fix the configuration',
      );
      return reportSeed(context, {
        file: `${SeedFile.userData} (not written)`,
        installer: 'micro-linux',
        report,
        cloudInit,
      });
    }
    const leftOut = explainCloudInit(cloudInit);
    if (leftOut !== undefined) {
      context.reporter.info(leftOut);
    }
    if (findings.length > 0) {
      context.reporter.warn(renderFindings(SeedFile.userData, findings));
    }
    return undefined;
  } finally {
    await rm(directory, { recursive: true, force: true });
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
