import * as z from 'zod';
import { SOURCE_ID } from './install-program.ts';
import { userDataSchema } from './user-data-section.ts';

const commands = z.array(z.union([z.string(), z.array(z.string()).min(1)])).optional();

const device = z.strictObject({
  match: z.strictObject({ name: z.string() }),
  dhcp4: z.boolean().optional(),
  dhcp6: z.boolean().optional(),
  addresses: z.array(z.string()).length(1).optional(),
  routes: z
    .array(
      z.strictObject({
        to: z.literal('default'),
        via: z.string(),
        'on-link': z.boolean().optional(),
      }),
    )
    .length(1)
    .optional(),
  nameservers: z.strictObject({ addresses: z.array(z.string()) }).optional(),
  optional: z.boolean().optional(),
});

/**
 * The part of autoinstall that micro-linux's own installer supports. A seed for it must contain
 * nothing else, so that no setting is silently ignored. `storage` is compared separately.
 */
export const honouredSchema = z.strictObject({
  version: z.literal(1),
  locale: z.string().optional(),
  timezone: z.string().optional(),
  source: z
    .strictObject({ id: z.literal(SOURCE_ID), search_drivers: z.literal(false).optional() })
    .optional(),
  network: z.strictObject({
    version: z.literal(2),
    ethernets: z.record(z.string(), device),
  }),
  apt: z
    .strictObject({ geoip: z.literal(false), fallback: z.literal('offline-install') })
    .optional(),
  storage: z.looseObject({}),
  identity: z.strictObject({ hostname: z.string(), username: z.string(), password: z.string() }),
  ssh: z.strictObject({
    'install-server': z.literal(true),
    'allow-pw': z.boolean().optional(),
    'authorized-keys': z.array(z.string()).optional(),
  }),
  'user-data': userDataSchema.optional(),
  'early-commands': commands,
  'late-commands': commands,
  'error-commands': commands,
  shutdown: z.enum(['reboot', 'poweroff']).optional(),
});
