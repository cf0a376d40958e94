import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { formatKeyPath, STATIC_ONLY_KEYS } from '@micro-linux/provision';
import type { Config } from './config.ts';
import { type Environment, networkMode, readEnvironment } from './environment.ts';
import { configInvalid, type Finding } from './findings.ts';
import { findingsOf } from './issues.ts';
import { formatOrigin } from './origin.ts';
import { applyOverride, isGroup, type Override, removeKey } from './override.ts';
import { absolutePaths } from './paths.ts';
import { configSchema } from './schema.ts';
import { SIGNERS } from './signing.ts';
import { readSshKeyFiles } from './ssh-key-flag.ts';
import { configSyntax, readYaml } from './yaml-source.ts';

/** The file that is read when no other is named. */
export const DEFAULT_CONFIG_FILE = 'micro-linux.yaml';

/** Where {@link loadConfig} takes the configuration from. */
export interface ConfigSources {
  /** The config file; undefined: {@link DEFAULT_CONFIG_FILE}, which need not exist. */
  readonly path?: string | undefined;
  /** Its content, if it is not to be read from `path`. */
  readonly text?: string | undefined;
  /** Environment variables; see docs/config.md for those that count. */
  readonly env: Environment;
  /** From `configFlags`. */
  readonly flags: readonly Override[];
  /** The folder that relative paths in `path` and flags count from; the process's unless told. */
  readonly cwd?: string | undefined;
}

/**
 * Merges defaults < file < environment < flags and checks the result.
 *
 * @throws MicroLinuxError, exit code 2: `config-invalid` with every finding at once (or the code of
 *   the only one, `disk-too-small`), `config-syntax`, `config-missing`, `config-unreadable`.
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const cwd = resolve(sources.cwd ?? '.');
  const file = sources.path ?? DEFAULT_CONFIG_FILE;
  const text = sources.text ?? (await readConfigFile(resolve(cwd, file), sources.path));
  const { value, origins, findings: fileFindings } = readYaml(text, file);
  if (!isGroup(value)) {
    throw configInvalid([
      {
        path: [],
        origin: origins.of([]),
        problem: 'the file must hold keys, such as `profile: noble`',
        fix: 'write one key and its value in each line',
      },
    ]);
  }

  const findings: Finding[] = [...fileFindings, ...contradictions(sources.flags)];
  const flags: Override[] = [];
  for (const flag of sources.flags) {
    if (formatKeyPath(flag.path) === 'user.sshKeys') {
      const read = await readSshKeyFiles(flag, cwd);
      findings.push(...read.findings);
      flags.push(read.override);
    } else {
      flags.push(flag);
    }
  }
  const network = networkChoice(value, sources.env, flags);
  const environment = readEnvironment(sources.env, network);
  findings.push(...environment.findings);
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
    findings.push(...findingsOf(result.error.issues, { value, origins }));
  }
  if (!result.success || findings.length > 0) {
    throw configInvalid(findings);
  }
  return absolutePaths(result.data, { origins, cwd, folder: dirname(resolve(cwd, file)) });
}

async function readConfigFile(path: string, asked: string | undefined): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code !== 'ENOENT') {
      throw new MicroLinuxError({
        code: 'config-unreadable',
        message: `the config file ${asked ?? DEFAULT_CONFIG_FILE} cannot be read`,
        why: code === 'EISDIR' ? 'it is a folder' : error instanceof Error ? error.message : code,
        hint: 'name a readable file after --config',
        exitCode: ExitCode.usage,
        cause: error,
      });
    }
    if (asked === undefined) {
      return '';
    }
    throw new MicroLinuxError({
      code: 'config-missing',
      message: `the config file ${asked} does not exist`,
      why: `looked for ${path}`,
      hint: 'mend the path after --config, or leave --config out to build with the defaults',
      exitCode: ExitCode.usage,
      details: { file: asked },
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const problem = 'the file is not text in UTF-8';
    throw configSyntax(asked ?? DEFAULT_CONFIG_FILE, [{ line: 1, col: 1, problem }]);
  }
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
    /** And says other than the file. */
    isOverridden: override !== undefined && override !== fileKind,
  };
}

/** Flags that set the same key: which one was meant is not ours to guess. */
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
            fix: 'give one of the two',
          },
        ];
  });
}
