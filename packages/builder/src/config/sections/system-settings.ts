import * as z from 'zod';
import { checkedText, parsed, textEntries, uniqueList, withRule } from '../checked.ts';
import { checkFilePath } from '../file-path.ts';
import { checkTimeServer, checkVariable, parseZramSize } from '../system-settings.ts';

const servers = uniqueList(checkedText(checkTimeServer));

export const ntpSchema = z
  .union([
    servers.transform((list) => ({ servers: list, fallback: [] as string[] })),
    z.strictObject({
      servers: servers.prefault([]).meta({
        description: "Time servers. Default: those of the network, or the distribution's.",
        examples: [['ntp.example.org']],
      }),
      fallback: servers.prefault([]).meta({
        description: "Time servers if the others do not answer. Default: the distribution's.",
        examples: [['ntp2.example.org']],
      }),
    }),
  ])
  .prefault({})
  .meta({
    description: 'Time servers: a list, or `servers` and `fallback`.',
    examples: [['ntp.example.org']],
  });

export const swapSchema = z
  .strictObject({
    zram: parsed(z.union([z.string(), z.number()]), parseZramSize)
      .optional()
      .meta({
        description:
          'Compressed swap in memory: a share of the memory, or a size. Default: no swap.',
        examples: ['50%'],
      }),
  })
  .prefault({})
  .meta({ description: 'Swap space.' });

export const firewallSchema = checkedText(checkFilePath('an nftables ruleset'))
  .optional()
  .meta({
    description:
      "nftables ruleset, relative to this file's folder. It is loaded before the network. Default: none.",
    examples: ['firewall.nft'],
  });

export const environmentSchema = withRule(
  z.record(z.string(), z.union([z.string(), z.number().transform(String)])),
  [],
  (variables) =>
    textEntries(variables).flatMap(([name, value]) => checkVariable(name, value) ?? []),
)
  .prefault({})
  .meta({
    description: 'Environment variables of all services and logins. Not for secrets.',
    examples: [{ HTTP_PROXY: 'http://proxy.example:3128' }],
  });
