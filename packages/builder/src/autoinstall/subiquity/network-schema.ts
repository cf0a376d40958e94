import * as z from 'zod';
import { integer } from './integer.ts';

const match = z.strictObject({
  name: z.string().optional(),
  macaddress: z.string().optional(),
  driver: z.string().optional(),
});

/** The schema has `match` next to the devices, not in them, so that is not a valid device name. */
const devices = z.looseObject({ match: match.optional() });
const others = z.looseObject({});

const netplan = z.looseObject({
  version: integer(2, 2),
  ethernets: devices.optional(),
  wifis: devices.optional(),
  bridges: others.optional(),
  bonds: others.optional(),
  tunnels: others.optional(),
  vlans: others.optional(),
});

const nested = z.looseObject({ network: netplan });

/** Netplan's keys, at the top or below another `network`, never both. */
export const networkSchema = z.looseObject({}).superRefine((value, context) => {
  const plainResult = netplan.safeParse(value);
  const nestedResult = nested.safeParse(value);
  if (plainResult.success !== nestedResult.success) {
    return;
  }
  if (plainResult.success) {
    context.addIssue({ code: 'custom', message: 'has its keys twice: here and below `network`' });
    return;
  }
  const result = Object.hasOwn(value, 'network') ? nestedResult : plainResult;
  for (const issue of result.error?.issues ?? []) {
    context.issues.push({ ...issue, input: undefined } as z.core.$ZodRawIssue);
  }
});
