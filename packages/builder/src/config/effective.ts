import { resolve } from 'node:path';
import { formatKeyPath, type KeyPath } from '@micro-linux/provision';
import type { Config } from './config.ts';
import { configJsonSchema, type JsonSchema } from './json-schema.ts';
import { generalPath, keyInfo } from './key-info.ts';
import { isSecretPath } from './key-path.ts';
import type { Origin, Origins } from './origin.ts';
import { isGroup } from './override.ts';
import { pathBase } from './paths.ts';
import { valueAt } from './where-is.ts';

/** One value of the configuration that a build would use. */
export interface EffectiveValue {
  readonly path: KeyPath;
  /** As one would write it into the file; paths are absolute. Undefined if it is secret. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** A configuration as it was read, before the schema, and after. */
export interface MergedConfig {
  readonly value: unknown;
  readonly origins: Origins;
  readonly config: Config;
  readonly cwd: string;
}

/** Values of secret keys that are none. */
const NOT_SECRET: readonly unknown[] = ['generate', 'disabled', 'none'];

/**
 * Every value with its origin, in the order of the schema: what was set, and the defaults of the
 * rest. Keys that are not set and have no default are left out.
 */
export function effectiveValues(merged: MergedConfig): readonly EffectiveValue[] {
  const { origins, config, cwd } = merged;
  return visit([], merged.value, configJsonSchema());

  function visit(
    path: KeyPath,
    value: unknown,
    schema: JsonSchema | undefined,
  ): readonly EffectiveValue[] {
    if (value === undefined && isOptionalGroup(path, schema)) {
      return [];
    }
    if (value === undefined && isReplaced(path, merged.value)) {
      return [];
    }
    if (value === undefined && schema?.properties === undefined) {
      return schema?.default === undefined
        ? []
        : [{ path, value: schema.default, origin: { kind: 'default' } }];
    }
    const origin = origins.of(path);
    if (value !== undefined && isHidden(path, value)) {
      return [{ path, value: undefined, origin }];
    }
    if (value === undefined || isGroup(value)) {
      const keys = new Set([...propertiesOf(schema), ...Object.keys(value ?? {})]);
      return keys.size === 0
        ? [{ path, value: {}, origin }]
        : [...keys].flatMap((key) => {
            const child = [...path, key];
            return visit(child, valueAt(value, [key]), keyInfo(child));
          });
    }
    if (Array.isArray(value) && value.length > 0) {
      return value.flatMap((item: unknown, index) => {
        const child = [...path, index];
        return visit(child, item, keyInfo(child));
      });
    }
    return [{ path, value: absolute(path, value, origin), origin }];
  }

  /** The value, or the absolute path if the loader made it one. */
  function absolute(path: KeyPath, value: unknown, origin: Origin): unknown {
    const loaded = valueAt(config, path);
    return typeof value === 'string' && loaded === resolve(pathBase(origin, cwd), value)
      ? loaded
      : value;
  }
}

/** Public keys have been checked by now, so they are not private ones. */
function isHidden(path: KeyPath, value: unknown): boolean {
  return (
    isSecretPath(path) &&
    !path.includes('sshKeys') &&
    !NOT_SECRET.includes(value) &&
    !(Array.isArray(value) && value.length === 0)
  );
}

/** A group inside an entry with a name of your own: leaving it out differs from its defaults. */
function isOptionalGroup(path: KeyPath, schema: JsonSchema | undefined): boolean {
  return schema?.properties !== undefined && generalPath(path).includes('*');
}

/** The kind of a network is no default if the network has interfaces. */
function isReplaced(path: KeyPath, value: unknown): boolean {
  return (
    formatKeyPath(path) === 'network.kind' &&
    valueAt(value, ['network', 'interfaces']) !== undefined
  );
}

function propertiesOf(schema: JsonSchema | undefined): readonly string[] {
  return (schema?.anyOf ?? [schema]).flatMap((choice) => Object.keys(choice?.properties ?? {}));
}
