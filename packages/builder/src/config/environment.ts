import { show } from '@micro-linux/provision';
import type { Finding } from './findings.ts';
import type { Override } from './override.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that overrides a key; the names are those of the project's first scripts. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly path: readonly string[];
  /** Whether it means something for a static network only. */
  readonly staticOnly: boolean;
}

export const VARIABLES: readonly EnvironmentVariable[] = [
  { name: 'SIZE_GB', path: ['disk', 'size'], staticOnly: false },
  { name: 'NET_MODE', path: ['network', 'kind'], staticOnly: false },
  { name: 'IFACE', path: ['network', 'interface'], staticOnly: false },
  { name: 'ADDR', path: ['network', 'address'], staticOnly: true },
  { name: 'PREFIX', path: ['network', 'prefix'], staticOnly: true },
  { name: 'GATEWAY', path: ['network', 'gateway'], staticOnly: true },
  { name: 'DNS', path: ['network', 'dns'], staticOnly: true },
];

export interface EnvironmentResult {
  readonly overrides: readonly Override[];
  readonly findings: readonly Finding[];
  /** What was ignored, and why. */
  readonly notices: readonly string[];
}

/** NET_MODE as it is set; undefined if it is not. */
export function networkMode(env: Environment): string | undefined {
  return env['NET_MODE']?.trim() || undefined;
}

/**
 * The values set by environment variables; an empty variable counts as not set.
 *
 * With a dhcp network the variables of a static one are left alone: PREFIX is set on many systems
 * for other reasons. Only an ADDR without effect is an error. With a static network, a
 * PREFIX that is an installation path is ignored too.
 *
 * @param network the kind of network that will be built, and whether environment or flags say so.
 */
export function readEnvironment(
  env: Environment,
  network: { readonly isStatic: boolean; readonly isExplicit: boolean },
): EnvironmentResult {
  const overrides: Override[] = [];
  const findings: Finding[] = [];
  const notices: string[] = [];
  for (const { name, path, staticOnly } of VARIABLES) {
    const text = env[name]?.trim() ?? '';
    if (text === '') {
      continue;
    }
    const origin = { kind: 'environment', variable: name } as const;
    if (staticOnly && !network.isStatic) {
      if (name === 'ADDR' && !network.isExplicit) {
        const problem = `${show(text)} is for a static network only, but the network is dhcp`;
        findings.push({ path, origin, problem, fix: 'set NET_MODE=static too, or unset ADDR' });
      }
      continue;
    }
    if (name === 'PREFIX' && isInstallationPath(text)) {
      notices.push(
        `environment variable PREFIX is ${show(text)}, which is not a prefix length, so it is ignored (unset PREFIX)`,
      );
      continue;
    }
    if (name === 'SIZE_GB' && !/^[1-9]\d{0,5}$/.test(text)) {
      const problem = `${show(text)} is not a number of GiB`;
      findings.push({ path, origin, problem, fix: 'write a whole number: SIZE_GB=8' });
      continue;
    }
    overrides.push({ path, value: variableValue(name, text), origin, how: 'replace' });
  }
  return { overrides, findings, notices };
}

/** `/usr/local` and the like, but not `/24`. */
function isInstallationPath(text: string): boolean {
  return /^[/~.]/.test(text) && !/^\/\d*$/.test(text);
}

function variableValue(name: string, text: string): unknown {
  switch (name) {
    case 'SIZE_GB':
      return `${text}G`;
    case 'PREFIX':
      return numberOrText(text);
    case 'DNS':
      return text
        .split(',')
        .map((address) => address.trim())
        .filter((address) => address !== '');
    default:
      return text;
  }
}

/** A number if the text is one; otherwise the text, which the schema refuses. */
export function numberOrText(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
