import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import type { Identity } from '@micro-linux/provision';
import type { Config } from '../../config/config.ts';
import { identityOf } from '../../config/identity/identity-of.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { PRIVATE_MODE, privateFileCommand } from '../../plan/private-file.ts';
import type { Step } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import {
  checkByCloudInit,
  complaintFindings,
  explainCloudInit,
  schemaArguments,
} from '../check/cloud-init.ts';
import {
  lintOwnSeed,
  refuseErrors,
  seedForDisplay,
  withoutHash,
  withoutNetworkSecrets,
} from '../check/own-seed.ts';
import { makeAutoinstall } from './autoinstall.ts';
import { SeedFile, seedTexts } from './seed-files.ts';

/** Paths of a seed's files. */
export interface SeedFiles {
  readonly userData: string;
  readonly metaData: string;
  readonly autoinstall: string;
}

export interface SeedStepOptions {
  readonly config: Config;
  /** The identity; called only when the step runs, because it makes the password. */
  readonly identity: () => Promise<Identity>;
  /** Identifies this seed. */
  readonly instanceId: string;
  /** Gets the reason why cloud-init did not check it. */
  readonly notice?: (line: string) => void;
}

/**
 * Makes the seed, and checks it before anything uses it. Never cached: it contains the
 * password hash.
 */
export function seedStep(options: SeedStepOptions): Step<SeedFiles> {
  const { config } = options;
  const files = (directory: string): SeedFiles => ({
    userData: join(directory, SeedFile.userData),
    metaData: join(directory, SeedFile.metaData),
    autoinstall: join(directory, SeedFile.autoinstall),
  });
  return {
    id: 'seed',
    title: 'seed of the installer',
    code: [ownPath(import.meta.filename)],
    needs: [],
    inputs: {
      autoinstall: makeAutoinstall(
        withoutNetworkSecrets(config),
        identityOf(config, undefined).passwordHash,
      ),
      password: config.user.password.kind,
    },
    cached: false,
    describe: (directory) => {
      const texts = seedForDisplay(config, options.instanceId);
      return [
        ...Object.values(SeedFile).flatMap((name) => {
          const file = join(directory, name);
          return [privateFileCommand(file), writeCommand(file, withoutHash(texts[name]))];
        }),
        commandLine('cloud-init', schemaArguments(files(directory).userData)),
      ];
    },
    async run(context) {
      const { passwordHash } = await options.identity();
      const texts = seedTexts(makeAutoinstall(config, passwordHash), options.instanceId);
      for (const name of Object.values(SeedFile)) {
        await writeFile(join(context.outputDirectory, name), texts[name], { mode: PRIVATE_MODE });
      }
      const report = lintOwnSeed(texts[SeedFile.userData], config);
      const cloudInit = await checkByCloudInit(
        join(context.outputDirectory, SeedFile.userData),
        context.run,
        context.signal,
      );
      const leftOut = explainCloudInit(cloudInit);
      if (leftOut !== undefined) {
        options.notice?.(leftOut);
      }
      refuseErrors([...report.findings, ...complaintFindings(cloudInit, report.origins)]);
    },
    result: files,
  };
}
