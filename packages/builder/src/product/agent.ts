import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { defaultConfig, type TreeEntry } from '@micro-linux/provision';
import type { Config } from '../config/config.ts';
import type { Contribution } from './contribution.ts';
import { checkExecutable } from './executable.ts';
import { FIREWALL_UNIT } from './firewall.ts';

/** The image's own part of the agent's directories. */
export const AGENT_DIRECTORY = '/usr/lib/ota-agent';

export const HEALTH_DIRECTORY = `${AGENT_DIRECTORY}/health.d`;

/** The product's own health checks. The settings of the agent are in `agentSettings`. */
export function agent(config: Pick<Config, 'agent' | 'firewall'>): Contribution {
  const { scripts } = config.agent.health;
  const settings = agentSettings(config);
  return {
    entries: scripts.length === 0 ? [] : checkEntries(scripts),
    files: scripts.map((path, index) => ({
      path,
      key: ['agent', 'health', 'scripts', index],
      check: checkExecutable,
    })),
    summary:
      scripts.length === 0 && Object.keys(settings).length === 0
        ? {}
        : {
            agent: {
              ...settings,
              ...(scripts.length === 0 ? {} : { scripts: scripts.map((path) => basename(path)) }),
            },
          },
  };
}

function checkEntries(scripts: readonly string[]): TreeEntry[] {
  return [
    { kind: 'directory', path: HEALTH_DIRECTORY },
    ...scripts.map(
      (path): TreeEntry => ({
        kind: 'file',
        path: `${HEALTH_DIRECTORY}/${basename(path)}`,
        mode: 0o755,
        content: { from: path },
      }),
    ),
  ];
}

/** Units that must run for a boot to be healthy: those of the config, and the firewall. */
export function requiredUnits({ agent, firewall }: Pick<Config, 'agent' | 'firewall'>) {
  const { requiredUnits: units } = agent.health;
  return firewall === undefined || units.includes(FIREWALL_UNIT)
    ? units
    : [...units, FIREWALL_UNIT];
}

/** The groups of the agent's config that differ from its defaults, with the keys that do. */
export function agentSettings(
  config: Pick<Config, 'agent' | 'firewall'>,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const { scripts: _, ...health } = config.agent.health;
  const usual = defaultConfig();
  return Object.fromEntries(
    [
      ['trial', changed(config.agent.trial, usual.trial)] as const,
      [
        'health',
        changed({ ...health, requiredUnits: requiredUnits(config) }, usual.health),
      ] as const,
      ['history', changed(config.agent.history, usual.history)] as const,
    ].filter(([, keys]) => Object.keys(keys).length > 0),
  );
}

function changed<Group extends object>(group: Group, usual: Group): Record<string, unknown> {
  const usualOf = new Map<string, unknown>(Object.entries(usual));
  return Object.fromEntries(
    Object.entries(group).filter(([key, value]) => !isDeepStrictEqual(value, usualOf.get(key))),
  );
}

/** The programs that run a script: of `#!/usr/bin/env python3`, both. None for a program. */
export function interpretersOf(content: Buffer): readonly string[] {
  const [first = ''] = content.toString('latin1').split('\n', 1);
  const [, program, argument] = /^#! *(\/\S+)(?:[ \t]+(\S+))?/.exec(first) ?? [];
  if (program === undefined) {
    return [];
  }
  const isName = argument !== undefined && /^[\w.+-]+$/.test(argument) && !argument.startsWith('-');
  return basename(program) === 'env' && isName ? [program, argument] : [program];
}
