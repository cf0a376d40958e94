import * as z from 'zod';
import {
  BOND_MODES,
  HASH_POLICIES,
  LACP_RATES,
  ROUTE_SCOPES,
} from '../network/interface-settings.ts';

const text = z.string().optional();
const number = z.number().optional();
const flag = z.boolean().optional();

const common = {
  macaddress: text,
  dhcp4: flag,
  dhcp6: flag,
  'accept-ra': flag,
  addresses: z.array(z.string()).optional(),
  routes: z
    .array(
      z.strictObject({
        to: z.string(),
        via: text,
        metric: number,
        'on-link': flag,
        scope: z.enum(ROUTE_SCOPES).optional(),
      }),
    )
    .optional(),
  nameservers: z
    .strictObject({
      addresses: z.array(z.string()).optional(),
      search: z.array(z.string()).optional(),
    })
    .optional(),
  mtu: number,
  optional: flag,
};

const devices = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.record(z.string(), z.strictObject({ ...common, ...shape })).optional();

/** The network section of several interfaces; of none without any device. */
export const interfacesSectionSchema = z.strictObject({
  version: z.literal(2),
  renderer: z.literal('networkd'),
  ethernets: devices({
    match: z.strictObject({ name: text, macaddress: text, driver: text }).optional(),
  }),
  wifis: devices({
    'access-points': z
      .record(z.string(), z.strictObject({ password: text, hidden: flag }))
      .refine((points) => Object.keys(points).length === 1),
    'regulatory-domain': text,
  }),
  vlans: devices({ id: z.number(), link: z.string() }),
  bridges: devices({
    interfaces: z.array(z.string()),
    parameters: z.strictObject({
      stp: z.boolean(),
      priority: number,
      'forward-delay': number,
      'hello-time': number,
      'max-age': number,
      'ageing-time': number,
    }),
  }),
  bonds: devices({
    interfaces: z.array(z.string()),
    parameters: z.strictObject({
      mode: z.enum(BOND_MODES),
      'mii-monitor-interval': z.number(),
      primary: text,
      'lacp-rate': z.enum(LACP_RATES).optional(),
      'transmit-hash-policy': z.enum(HASH_POLICIES).optional(),
      'min-links': number,
    }),
  }),
});
