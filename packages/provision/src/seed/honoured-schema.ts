import * as z from 'zod';
import type { Group } from './group.ts';
import { SOURCE_ID } from './install-program.ts';
import { interfacesSectionSchema } from './interfaces-schema.ts';
import { isInterfacesSection } from './read-interfaces.ts';
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

/** The network section of one port, or of every wired one. */
const simpleSectionSchema = z.strictObject({
  version: z.literal(2),
  ethernets: z.record(z.string(), device),
});

/**
 * The part of autoinstall that micro-linux's own installer supports. A seed for it must contain
 * nothing else, so that no setting is silently ignored. `storage` is compared separately.
 */
const keys = z.strictObject({
  version: z.literal(1),
  locale: z.string().optional(),
  timezone: z.string().optional(),
  source: z
    .strictObject({ id: z.literal(SOURCE_ID), search_drivers: z.literal(false).optional() })
    .optional(),
  network: simpleSectionSchema,
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

const keysWithInterfaces = keys.extend({ network: interfacesSectionSchema });

/** The schema for a seed with this network section. */
export function honouredSchemaFor(network: Group) {
  return isInterfacesSection(network) ? keysWithInterfaces : keys;
}

/** A seed without findings. */
export type HonouredSeed = z.output<typeof keys> | z.output<typeof keysWithInterfaces>;
