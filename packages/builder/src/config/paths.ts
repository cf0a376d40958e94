import { resolve } from 'node:path';
import type { KeyPath } from '@micro-linux/provision';
import type { Config } from './config.ts';
import type { Origins } from './origin.ts';

/** What paths are relative to. */
export interface PathBases {
  readonly origins: Origins;
  /** Of the config file: for paths written in it. */
  readonly folder: string;
  /** For paths given by flags. */
  readonly cwd: string;
}

/** The config with every path of a file made absolute. */
export function absolutePaths(config: Config, { origins, folder, cwd }: PathBases): Config {
  const absolute = (path: KeyPath, value: string) =>
    resolve(origins.of(path).kind === 'file' ? folder : cwd, value);
  const optional = (path: KeyPath, value: string | undefined) =>
    value === undefined ? undefined : absolute(path, value);
  const { update } = config;
  return {
    ...config,
    keyring: optional(['keyring'], config.keyring),
    ...(config.mirrorAuth === undefined
      ? {}
      : { mirrorAuth: absolute(['mirrorAuth'], config.mirrorAuth) }),
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
