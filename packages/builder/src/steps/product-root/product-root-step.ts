import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, shellQuote } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import { CLEAN, STABLE_KERNEL_NAMES } from '../rootfs/finish-root.ts';
import { mirrorLogins } from '../rootfs/mirror-logins.ts';
import { AUTH_PLACE, type RootfsPlan, uploadLogins } from '../rootfs/mmdebstrap-arguments.ts';
import { addRepositories, removeRepositories } from '../rootfs/repositories.ts';
import { extractFacts, factsIn } from '../rootfs/root-facts.ts';
import type { BaseRootfs, Rootfs } from '../rootfs/rootfs-step.ts';
import { addSystemAccounts, SYSTEM_ACCOUNTS } from '../rootfs/system-accounts.ts';
import { writeTar } from '../tar/write-tar.ts';
import { explainProductRoot } from './explain-product-root.ts';
import { type HookBuild, hookCommands } from './hook-commands.ts';
import type { Hook } from './hook-files.ts';
import { installCommands, namesOf } from './install-commands.ts';
import type { LocalPackage } from './local-packages.ts';
import { RESOLVE_BY_HOST, RESOLVE_BY_IMAGE, rootSessionArguments } from './root-session.ts';

export interface ProductRootOptions {
  readonly plan: RootfsPlan;
  /** The root file system of the distribution. */
  readonly base: BaseRootfs;
  /** The step that makes it. */
  readonly rootfs: Step<unknown>;
  readonly local: readonly LocalPackage[];
  readonly hooks: readonly Hook[];
  readonly build: HookBuild;
  /** `packages.remove`. */
  readonly unwanted: readonly string[];
  readonly mirrorAuth: string | undefined;
  /** Fetch nothing. */
  readonly offline: boolean;
  /** Directory below which mmdebstrap unpacks; every user must be able to enter it. */
  readonly temporaryDirectory: string;
}

/**
 * Adds the product to the root file system: .deb files of its own, then its hooks. A step of its
 * own, because these change often, and the distribution's packages take most of the time.
 */
export function productRootStep(options: ProductRootOptions): Step<Rootfs> {
  const { plan, base, local, hooks } = options;
  const tarsIn = (directory: string) =>
    hooks.map((_, index) => join(directory, `hook-${index}.tar`));
  const output = (directory: string) => join(directory, 'rootfs.tar');
  const call = (
    paths: {
      readonly base: Pick<BaseRootfs, 'tar' | 'aptLists'>;
      readonly output: string;
      readonly tars: readonly string[];
      readonly offline: boolean;
    },
    packages: readonly LocalPackage[],
    logins?: string,
  ) =>
    rootSessionArguments({
      plan,
      tar: paths.base.tar,
      hooks: [
        ...uploadLogins(logins),
        ...addRepositories(plan.repositories),
        `--setup-hook=tar-in ${shellQuote(paths.base.aptLists)} /var/lib/apt`,
        RESOLVE_BY_HOST,
        `--customize-hook=${addSystemAccounts([...SYSTEM_ACCOUNTS, ...(plan.accounts ?? [])])}`,
        ...installCommands(packages, { unwanted: options.unwanted, offline: paths.offline }),
        ...removeRepositories(plan.repositories),
        // No script of the product sees them.
        ...(logins === undefined ? [] : [`--customize-hook=rm "$1${AUTH_PLACE}"`]),
        ...hookCommands(hooks, 'rootfs', options.build, paths.tars),
        RESOLVE_BY_IMAGE,
        `--customize-hook=${STABLE_KERNEL_NAMES}`,
        `--customize-hook=${CLEAN}`,
      ],
      output: paths.output,
    });
  const callIn = (directory: string, logins?: string) =>
    call({ ...options, output: output(directory), tars: tarsIn(directory) }, local, logins);
  const placeholders = {
    base: { tar: 'base.tar', aptLists: 'apt-lists.tar' },
    // It decides whether there is a result, not what it is.
    offline: false,
    output: 'rootfs.tar',
    tars: tarsIn('.'),
  };
  return {
    id: 'product-root',
    title: [
      ...(local.length === 0
        ? []
        : [`packages of the product: ${local.map(({ name }) => name).join(', ')}`]),
      ...hooks.map(({ name }) => `hook ${name}`),
    ].join('; '),
    code: [ownPath(import.meta.filename)],
    needs: [options.rootfs],
    inputs: {
      arguments: call(placeholders, namesOf(local)),
      local: namesOf(local),
      hooks: hooks.map(({ digest }) => digest),
    },
    cached: true,
    describe: (directory) => [commandLine('mmdebstrap', callIn(directory))],
    async run(context) {
      const directory = context.outputDirectory;
      const logins = await mirrorLogins(options, context);
      for (const [index, tar] of tarsIn(directory).entries()) {
        await writeTar(tar, hooks[index]?.files ?? [], options.build.sourceDateEpoch);
      }
      try {
        await context.run('mmdebstrap', callIn(directory, logins), {
          signal: context.signal,
          logFile: context.logFile,
          env: { TMPDIR: options.temporaryDirectory },
        });
      } catch (thrown) {
        throw explainProductRoot(thrown, options);
      }
      for (const tar of tarsIn(directory)) {
        await rm(tar);
      }
      await extractFacts(output(directory), factsIn(directory), context);
    },
    result: (directory) => ({
      facts: factsIn(directory),
      tar: output(directory),
      bootPackages: base.bootPackages,
    }),
  };
}
