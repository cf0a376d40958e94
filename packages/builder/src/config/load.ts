import { dirname, resolve } from 'node:path';
import { formatKeyPath, STATIC_ONLY_KEYS } from '@micro-linux/provision';
import type { Config } from './config.ts';
import { configNotices, DEFAULT_CONFIG_FILE, readConfigFile } from './config-file.ts';
import { type EffectiveValue, effectiveValues } from './effective.ts';
import { type Environment, networkMode, readEnvironment } from './environment.ts';
import { configInvalid, type Finding } from './findings.ts';
import { findingsOf } from './issues.ts';
import { checkOtherVariants } from './layers/check-variants.ts';
import { readLayers } from './layers/read-layers.ts';
import { applyVariant } from './layers/variants.ts';
import { formatOrigin, type Origins } from './origin.ts';
import { applyOverride, isGroup, type Override, removeKey } from './override.ts';
import { absolutePaths } from './paths.ts';
import { configSchema } from './schema.ts';
import { SIGNERS } from './signing.ts';
import { readSshKeyFiles } from './ssh-key-flag.ts';
import { readUserFiles } from './user-files.ts';
import { type WhereIs, whereIn } from './where-is.ts';

/** Where {@link loadConfig} gets the configuration from. */
export interface ConfigSources {
  /** The config file; undefined: {@link DEFAULT_CONFIG_FILE}, which need not exist. */
  readonly path?: string | undefined;
  /** Its content, if it is not to be read from `path`. */
  readonly text?: string | undefined;
  /** Environment variables; docs/reference/config.md lists those that have an effect. */
  readonly env: Environment;
  /** The variant of the file to load, from `--variant`; undefined: the file without any. */
  readonly variant?: string | undefined;
  /** From `configFlags`. */
  readonly flags: readonly Override[];
  /** The folder to which `path` and flags are relative; by default, the process's. */
  readonly cwd?: string | undefined;
  /** Receives one line for everything that the writer of the config should know but is not an error. */
  readonly notice?: ((line: string) => void) | undefined;
}

/** A configuration, and the file it came from. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path; undefined: there was none, and the defaults apply. */
  readonly file: string | undefined;
  /** Absolute paths of the files that it extends. */
  readonly bases: readonly string[];
  /** Every value with its origin, secrets left out. */
  readonly effective: () => readonly EffectiveValue[];
  /** Whether file, environment or flags say something about a key of the top. */
  readonly isSet: (key: keyof Config) => boolean;
  /** Where a value was set, for errors that are found later. */
  readonly whereIs: WhereIs;
}

/** {@link loadConfigFile} without the file. */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  return (await loadConfigFile(sources)).config;
}

/**
 * Merges defaults < file < environment < flags and checks the result.
 *
 * @throws MicroLinuxError, exit code 2: `config-invalid` with every finding at once (or the code of
 *   the only one, `disk-too-small`), and those of `readConfigFile`.
 */
export async function loadConfigFile(sources: ConfigSources): Promise<LoadedConfig> {
  const cwd = resolve(sources.cwd ?? '.');
  const file = sources.path ?? DEFAULT_CONFIG_FILE;
  const read =
    sources.text === undefined
      ? await readConfigFile(cwd, sources.path)
      : { path: resolve(cwd, file), text: sources.text };
  const notice = sources.notice ?? (() => {});
  const layers = await readLayers({ path: resolve(cwd, file), name: file, text: read?.text ?? '' });
  const { value, origins, findings: fileFindings, bases, variants } = layers;
  const { variant, path: asked } = sources;
  for (const line of await configNotices(cwd, { path: read?.path, asked, bases, variant })) {
    notice(line);
  }
  const others = checkOtherVariants(layers, variant);
  if (variant !== undefined) {
    applyVariant(layers, variants, { name: variant, file });
  }

  let findings: readonly Finding[] = [...fileFindings, ...others, ...contradictions(sources.flags)];
  const flags: Override[] = [];
  for (const flag of sources.flags) {
    if (formatKeyPath(flag.path) === 'user.sshKeys') {
      const read = await readSshKeyFiles(flag, cwd);
      findings = [...findings, ...read.findings];
      flags.push(read.override);
    } else {
      flags.push(flag);
    }
  }
  const network = networkChoice(value, sources.env, flags);
  const environment = readEnvironment(sources.env, network);
  findings = [...findings, ...environment.findings];
  for (const line of [
    ...environment.notices,
    ...replacedByEnvironment(environment.overrides, origins),
  ]) {
    notice(line);
  }
  if (network.isOverridden) {
    // What the file says about the other kind of network is not about this one.
    for (const key of STATIC_ONLY_KEYS) {
      removeKey(value, origins, ['network', key]);
    }
  }
  for (const key of replacedSigner(flags)) {
    removeKey(value, origins, ['update', key]);
  }
  for (const override of [...environment.overrides, ...flags]) {
    applyOverride(value, origins, override);
  }

  const result = configSchema.safeParse(value);
  if (!result.success) {
    findings = [...findings, ...findingsOf(result.error.issues, { value, origins })];
  }
  if (!result.success || findings.length > 0) {
    throw configInvalid(findings);
  }
  const pathBases = { origins, cwd, folder: dirname(resolve(cwd, file)) };
  const { config, findings: unreadable } = await readUserFiles(
    absolutePaths(result.data, pathBases),
    pathBases,
  );
  if (unreadable.length > 0) {
    throw configInvalid(unreadable);
  }
  return {
    config,
    file: read?.path,
    bases,
    effective: () => effectiveValues({ value, origins, config, cwd }),
    isSet: (key) => origins.has([key]),
    whereIs: whereIn(value, origins),
  };
}

/** A variable set for another purpose must not silently change a device. */
function replacedByEnvironment(
  overrides: readonly Override[],
  origins: Origins,
): readonly string[] {
  return overrides.flatMap(({ path, origin }) => {
    const before = origins.of(path);
    return before.kind === 'file' && origins.has(path)
      ? [`${formatOrigin(origin)} replaces ${formatKeyPath(path)} of ${formatOrigin(before)}`]
      : [];
  });
}

/** Keys of the file's way to sign, when flags name another way. */
function replacedSigner(flags: readonly Override[]): readonly string[] {
  const set = new Set(flags.map(({ path }) => formatKeyPath(path)));
  const named = (keys: readonly string[]) => keys.some((key) => set.has(`update.${key}`));
  return SIGNERS.some(named) ? SIGNERS.filter((keys) => !named(keys)).flat() : [];
}

/** The kind of network that will be built, and who says so. */
function networkChoice(
  file: Readonly<Record<string, unknown>>,
  env: Environment,
  flags: readonly Override[],
) {
  const group = file['network'];
  const fileKind = (isGroup(group) ? group['kind'] : undefined) ?? 'dhcp';
  const flagKind = flags.findLast(({ path }) => formatKeyPath(path) === 'network.kind')?.value;
  const override = flagKind ?? networkMode(env);
  return {
    isStatic: (override ?? fileKind) === 'static',
    /** The environment or a flag says so. */
    isExplicit: override !== undefined,
    /** And differs from the file. */
    isOverridden: override !== undefined && override !== fileKind,
  };
}

/** Flags that set the same key: we cannot guess which one was meant. */
function contradictions(flags: readonly Override[]): Finding[] {
  return flags.flatMap((flag, index) => {
    const earlier = flags
      .slice(0, index)
      .find(({ path }) => formatKeyPath(path) === formatKeyPath(flag.path));
    return earlier === undefined
      ? []
      : [
          {
            path: flag.path,
            origin: flag.origin,
            problem: `is set by ${formatOrigin(earlier.origin)} too`,
            fix: 'set only one of the two',
          },
        ];
  });
}
