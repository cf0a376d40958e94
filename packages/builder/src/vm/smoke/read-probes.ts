import * as z from 'zod';
import type { ProbeOutput } from './probes.ts';

/** A mounted file system, as in findmnt. */
export interface Mount {
  readonly target: string;
  /** A device, with the directory on it in brackets for a bind mount: `/dev/vda4[/var]`. */
  readonly source: string;
  readonly type: string;
  readonly options: readonly string[];
  /** Of the device's partition; lower case. */
  readonly partUuid: string | undefined;
  readonly partLabel: string | undefined;
}

/** Bytes of a file system. */
export interface Space {
  readonly size: number;
  readonly used: number;
}

/** Unreadable probe output: becomes the reason of the failed check. */
export class UnreadableProbe extends Error {}

const mountsSchema = z.object({
  filesystems: z.array(
    z.object({
      target: z.string(),
      source: z.string().nullable(),
      fstype: z.string(),
      options: z.string(),
      partuuid: z.string().nullable(),
      partlabel: z.string().nullable(),
    }),
  ),
});
const addressesSchema = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string().optional() })).default([]),
  }),
);
const routesSchema = z.array(z.object({ gateway: z.string().optional(), dev: z.string() }));
const bootInfoSchema = z.object({ schema: z.literal(1), slot: z.string(), disk: z.string() });

const agentStatusSchema = z.object({
  booted: z.string(),
  confirmed: z.string().nullable(),
  bootSuccess: z.boolean(),
  problems: z.array(z.string()),
});

/** The mount on top at a path. @throws UnreadableProbe */
export function mountAt(probe: ProbeOutput, target: string): Mount {
  const found = readJson(probe, mountsSchema).filesystems.findLast((one) => one.target === target);
  if (!found) {
    throw new UnreadableProbe(`nothing is mounted on ${target}`);
  }
  return {
    target,
    source: found.source ?? '',
    type: found.fstype,
    options: found.options.split(','),
    partUuid: found.partuuid?.toLowerCase(),
    partLabel: found.partlabel ?? undefined,
  };
}

/** The IPv4 addresses that reach beyond the machine. @throws UnreadableProbe */
export function addresses(probe: ProbeOutput): string[] {
  return readJson(probe, addressesSchema).flatMap((link) =>
    link.addr_info.flatMap(({ local }) => (local === undefined ? [] : [local])),
  );
}

/** The gateways of default routes. @throws UnreadableProbe */
export function gateways(probe: ProbeOutput): string[] {
  return readJson(probe, routesSchema).map(({ gateway, dev }) => gateway ?? dev);
}

/** /run/micro-linux/boot.json. @throws UnreadableProbe */
export function bootInfo(probe: ProbeOutput): { readonly slot: string; readonly disk: string } {
  return readJson(probe, bootInfoSchema);
}

/** An argument of the kernel command line; the last one counts. */
export function kernelArgument(probe: ProbeOutput, name: string): string | undefined {
  return probe.text
    .split(/\s+/)
    .findLast((word) => word.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** One file system of `df -B1 --output=target,size,used`. @throws UnreadableProbe */
export function spaceOf(probe: ProbeOutput, target: string): Space {
  for (const line of probe.text.split('\n')) {
    const [name, size, used] = line.trim().split(/\s+/);
    if (name === target) {
      return { size: Number(size), used: Number(used) };
    }
  }
  throw unreadable(probe);
}

/** Whole numbers, one per line. @throws UnreadableProbe */
export function numbers(probe: ProbeOutput, count: number): number[] {
  const found = probe.text.split('\n').map(Number);
  if (found.length !== count || !found.every(Number.isSafeInteger)) {
    throw unreadable(probe);
  }
  return found;
}

/** The output of `ota-agent status --json` about this boot. @throws UnreadableProbe */
export function agentStatus(probe: ProbeOutput): z.infer<typeof agentStatusSchema> {
  return readJson(probe, agentStatusSchema);
}

function readJson<T>(probe: ProbeOutput, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(probe.text);
  } catch {
    throw unreadable(probe);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw unreadable(probe);
  }
  return parsed.data;
}

function unreadable({ status, text }: ProbeOutput): UnreadableProbe {
  const said = text === '' ? 'nothing' : JSON.stringify(text.slice(0, 200));
  return new UnreadableProbe(`the probe ended with status ${status} and said ${said}`);
}
