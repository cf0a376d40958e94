import * as z from 'zod';
import { checkedText, parsed, textEntries, uniqueList, withRule } from '../checked.ts';
import {
  checkModuleName,
  checkModules,
  checkSysctl,
  parseModuleOptions,
} from '../kernel-settings.ts';

const moduleNames = uniqueList(checkedText(checkModuleName)).prefault([]);

export const modulesSchema = withRule(
  z.strictObject({
    load: moduleNames.meta({
      description: 'Kernel modules to load at boot.',
      examples: [['br_netfilter']],
    }),
    blacklist: moduleNames.meta({
      description: 'Kernel modules that are not loaded for the hardware they match.',
      examples: [['pcspkr']],
    }),
    options: z
      .record(checkedText(checkModuleName), parsed(z.string(), parseModuleOptions))
      .prefault({})
      .meta({
        description: 'Parameters of kernel modules, as one text for each module.',
        examples: [{ loop: 'max_loop=16' }],
      }),
  }),
  ['load', 'blacklist'],
  checkModules,
)
  .prefault({})
  .meta({ description: 'Kernel modules: see docs/guides/services.md.' });

export const sysctlSchema = withRule(
  z.record(z.string(), z.union([z.string(), z.number().transform(String)])),
  [],
  (settings) => textEntries(settings).flatMap(([key, value]) => checkSysctl(key, value) ?? []),
)
  .prefault({})
  .meta({
    description: 'Kernel settings, by their names in sysctl(8).',
    examples: [{ 'net.ipv4.ip_forward': 1 }],
  });
