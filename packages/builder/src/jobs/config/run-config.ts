import { formatKeyPath } from '@micro-linux/provision';
import type { EffectiveValue } from '../../config/effective.ts';
import { type ConfigOptions, configFlags } from '../../config/flags.ts';
import { loadConfigFile } from '../../config/load.ts';
import type { Origin } from '../../config/origin.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { renderConfig } from './render-config.ts';

/**
 * Prints the configuration that a build would use, each value with its origin.
 *
 * @throws MicroLinuxError those of `loadConfigFile`.
 */
export async function runConfig(context: CommandContext, options: ConfigOptions): Promise<void> {
  const { reporter, cwd, env } = context;
  const { file, bases, effective } = await loadConfigFile({
    ...{ path: options.config, variant: options.variant, cwd, env },
    flags: configFlags({ ...options }),
    notice: (line) => reporter.info(line),
  });
  const values = effective();
  reporter.result(renderConfig(values), {
    config: file ?? null,
    extends: bases,
    variant: options.variant ?? null,
    values: values.map(valueOutput),
  });
}

function valueOutput({ path, value, origin }: EffectiveValue): object {
  return {
    key: formatKeyPath(path),
    ...(value === undefined ? { value: null, hidden: true } : { value }),
    origin: originOutput(origin),
  };
}

function originOutput(origin: Origin): object {
  switch (origin.kind) {
    case 'environment':
      return { kind: 'variable', name: origin.variable };
    case 'flag':
      return { kind: 'flag', name: origin.flag };
    default:
      return origin;
  }
}
