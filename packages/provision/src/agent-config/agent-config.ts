import { DEFAULT_BOOT_COUNTER, MAX_TRIES } from '@micro-linux/core';
import * as z from 'zod';

const unitName = z
  .string()
  .regex(/^[A-Za-z0-9:_.\\@-]+\.(service|socket|target|timer|mount|path)$/, 'is not a unit name');

/** `a.service | b.service`: one of them must run. */
const alternatives = z
  .string()
  .refine((text) => text.split('|').every((name) => unitName.safeParse(name.trim()).success), {
    message: 'must be a unit name, or several with | between them',
  });

const hostAndPort = z
  .string()
  .refine((text) => splitHost(text) !== undefined, { message: 'must be host:port or [IPv6]:port' });

/** Each may take seconds to respond. */
export const MAXIMUM_HOSTS = 16;

/**
 * The agent's settings on a device. Every key may be left out. The agent checks its files by this
 * schema; the builder takes the keys under `agent` from it. The descriptions are in
 * docs/reference/device-config.md.
 */
export const agentConfigSchema = z.strictObject({
  boot: z
    .strictObject({
      tries: z
        .int()
        .min(1)
        .max(MAX_TRIES)
        .default(1)
        .describe('Boots in which a new slot must become healthy'),
      counter: z
        .int()
        .min(1)
        .max(MAX_TRIES)
        .default(DEFAULT_BOOT_COUNTER)
        .describe('Boots without success after which GRUB starts the other slot'),
    })
    .prefault({}),
  signatures: z
    .strictObject({
      threshold: z
        .int()
        .min(1)
        .max(16)
        .default(1)
        .describe('Number of trusted keys that must have signed an update'),
    })
    .prefault({}),
  trial: z
    .strictObject({
      deadlineSeconds: z
        .int()
        .min(30)
        .max(86_400)
        .default(300)
        .describe('Seconds after which a trial boot that is not confirmed is ended'),
    })
    .prefault({}),
  health: z
    .strictObject({
      timeoutSeconds: z
        .int()
        .min(1)
        .max(3600)
        .default(60)
        .describe('Time limit in seconds for each executable in health.d'),
      settleSeconds: z
        .int()
        .min(0)
        .max(3600)
        .default(120)
        .describe('Seconds for which a failing check is repeated'),
      requiredUnits: z
        .array(alternatives)
        .default([
          'ssh.socket | ssh.service | sshd.service',
          'systemd-networkd.service | NetworkManager.service | networking.service',
        ])
        .describe('Units that must run'),
      failedUnits: z
        .array(unitName)
        .default([])
        .meta({ description: 'Units that must not have failed', examples: [['app.service']] }),
      ignoreUnits: z
        .array(unitName)
        .default([])
        .meta({
          description:
            'Units that may be missing or stopped after an update although they ran before',
          examples: [['app.service']],
        }),
      defaultRoute: z.boolean().default(false).describe('Whether there must be a default route'),
      sshd: z
        .boolean()
        .default(true)
        .describe('Whether sshd must respond after an update if it did before'),
      hosts: z
        .array(hostAndPort)
        .max(MAXIMUM_HOSTS)
        .default([])
        .meta({
          description:
            '`host:port`s that must accept a connection after an update if they did before',
          examples: [['broker.example:8883']],
        }),
    })
    .prefault({}),
  history: z
    .strictObject({
      maximumBytes: z
        .int()
        .min(4096)
        .max(64 * 1024 * 1024)
        .default(262_144)
        .describe('Maximum size of the history on the data partition, in bytes'),
    })
    .prefault({}),
});

export type AgentConfig = z.output<typeof agentConfigSchema>;

/** The defaults. */
export function defaultConfig(): AgentConfig {
  return agentConfigSchema.parse({});
}

/** Splits `host:port` or `[IPv6]:port`; undefined when it is neither. */
export function splitHost(text: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, digits] =
    /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}
