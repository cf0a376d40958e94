import { dirname, resolve } from 'node:path';
import type { KeyPath } from '@micro-linux/provision';
import type { Config } from './config.ts';
import type { HookConfig, HookStage, HooksConfig } from './hooks.ts';
import { loginVariable } from './login-source.ts';
import type { Origin, Origins } from './origin.ts';

/** What paths are relative to. */
export interface PathBases {
  /** A path in a file is relative to the folder of that file. */
  readonly origins: Origins;
  /** For paths given by flags, and for the names of files in `origins`. */
  readonly cwd: string;
  /** Of the config file that was named. */
  readonly folder: string;
}

/** The folder to which a path is relative: that of the file that names it, or the current one. */
export function pathBase(origin: Origin, cwd: string): string {
  return resolve(cwd, origin.kind === 'file' ? dirname(origin.file) : '');
}

/** The config with every path of a file made absolute. */
export function absolutePaths(config: Config, { origins, folder, cwd }: PathBases): Config {
  const absolute = (path: KeyPath, value: string) =>
    resolve(pathBase(origins.of(path), cwd), value);
  const optional = (path: KeyPath, value: string | undefined) =>
    value === undefined ? undefined : absolute(path, value);
  const { update, packages, agent } = config;
  return {
    ...config,
    overlay: config.overlay.map((value, index) => absolute(['overlay', index], value)),
    initial: config.initial.map((value, index) => absolute(['initial', index], value)),
    files: config.files.map((file, index) =>
      typeof file.content === 'string'
        ? file
        : {
            ...file,
            content: { from: absolute(['files', index, 'source'], file.content.from) },
          },
    ),
    keyring: optional(['keyring'], config.keyring),
    ...(config.mirrorAuth === undefined
      ? {}
      : {
          mirrorAuth:
            loginVariable(config.mirrorAuth) === undefined
              ? absolute(['mirrorAuth'], config.mirrorAuth)
              : config.mirrorAuth,
        }),
    repositories: config.repositories.map((repository, index) => ({
      ...repository,
      signedBy: absolute(['repositories', index, 'signedBy'], repository.signedBy),
    })),
    packages: {
      ...packages,
      local: packages.local.map((value, index) => absolute(['packages', 'local', index], value)),
    },
    hooks: absoluteHooks(config.hooks, absolute),
    firewall: optional(['firewall'], config.firewall),
    agent: {
      ...agent,
      health: {
        ...agent.health,
        scripts: agent.health.scripts.map((value, index) =>
          absolute(['agent', 'health', 'scripts', index], value),
        ),
      },
    },
    update: {
      ...update,
      trustedKeys: update.trustedKeys.map((value, index) =>
        absolute(['update', 'trustedKeys', index], value),
      ),
      signingKey: optional(['update', 'signingKey'], update.signingKey),
      signingPublicKey: optional(['update', 'signingPublicKey'], update.signingPublicKey),
      developmentKey: resolve(folder, update.developmentKey),
    },
  };
}

function absoluteHooks(
  hooks: HooksConfig,
  absolute: (path: KeyPath, value: string) => string,
): HooksConfig {
  const all = (stage: HookStage) =>
    hooks[stage].map((hook, index) => {
      const at = (key: keyof HookConfig) => ['hooks', stage, index, key];
      return {
        ...hook,
        script: absolute(at('script'), hook.script),
        inputs: hook.inputs.map((value) => absolute(at('inputs'), value)),
      };
    });
  return { rootfs: all('rootfs'), image: all('image') };
}
