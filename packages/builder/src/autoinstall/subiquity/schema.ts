import * as z from 'zod';
import { integer } from './integer.ts';
import { networkSchema } from './network-schema.ts';

/**
 * Our own model of the schema that Subiquity uses for an autoinstall (the same in 24.04.1 and all later
 * 24.04 releases). Tests compare its verdicts with the real schema. It accepts unknown
 * keys where Subiquity's does, and does not check the contents of `storage`.
 */

const text = z.string();
const flag = z.boolean();
const texts = z.array(text);
const anything = z.looseObject({});
const commands = z.array(z.union([text, texts]));

const token = z.looseObject({
  token: text
    .min(24)
    .max(30)
    .regex(/^C[1-9A-HJ-NP-Za-km-z]+$/)
    .optional(),
});

const mirrors = z.looseObject({
  primary: z
    .array(
      z.union([
        z.literal('country-mirror'),
        z.looseObject({ uri: text, arches: texts.optional() }),
      ]),
    )
    .optional(),
});

const apt = z.looseObject({
  preserve_sources_list: flag.optional(),
  primary: z.array(z.unknown()).optional(),
  'mirror-selection': mirrors.optional(),
  geoip: flag.optional(),
  sources: anything.optional(),
  disable_components: z
    .array(z.enum(['universe', 'multiverse', 'restricted', 'contrib', 'non-free']))
    .optional(),
  preferences: z
    .array(z.looseObject({ package: text, pin: text, 'pin-priority': integer() }))
    .optional(),
  fallback: z.enum(['abort', 'continue-anyway', 'offline-install']).optional(),
});

export const autoinstallSchema = z.looseObject({
  version: integer(1, 1),
  'interactive-sections': texts.optional(),
  'early-commands': commands.optional(),
  reporting: z.record(text, z.looseObject({ type: text })).optional(),
  'error-commands': commands.optional(),
  'user-data': anything.optional(),
  packages: texts.optional(),
  'debconf-selections': text.optional(),
  locale: text.optional(),
  'refresh-installer': z
    .strictObject({ update: flag.optional(), channel: text.optional() })
    .optional(),
  kernel: exactlyOne(z.looseObject({ package: text.optional(), flavor: text.optional() }), [
    'package',
    'flavor',
  ]).optional(),
  keyboard: z
    .strictObject({
      layout: text,
      variant: text.optional(),
      toggle: text.nullable().optional(),
    })
    .optional(),
  source: z.looseObject({ search_drivers: flag.optional(), id: text.optional() }).optional(),
  network: networkSchema.optional(),
  'ubuntu-pro': token.optional(),
  'ubuntu-advantage': token.optional(),
  proxy: text.nullable().optional(),
  apt: apt.optional(),
  storage: anything.optional(),
  identity: z
    .strictObject({ realname: text.optional(), username: text, hostname: text, password: text })
    .optional(),
  ssh: z
    .looseObject({
      'install-server': flag.optional(),
      'authorized-keys': texts.optional(),
      'allow-pw': flag.optional(),
    })
    .optional(),
  snaps: z
    .array(z.strictObject({ name: text, channel: text.optional(), classic: flag.optional() }))
    .optional(),
  'active-directory': z
    .strictObject({ 'admin-name': text.optional(), 'domain-name': text.optional() })
    .optional(),
  codecs: z.looseObject({ install: flag.optional() }).optional(),
  drivers: z.looseObject({ install: flag.optional() }).optional(),
  oem: z.looseObject({ install: z.union([flag, z.literal('auto')]) }).optional(),
  timezone: text.optional(),
  updates: z.enum(['security', 'all']).optional(),
  'late-commands': commands.optional(),
  shutdown: z.enum(['reboot', 'poweroff']).optional(),
});

/** A mapping that must have exactly one of some keys: `oneOf` with `required` in JSON Schema. */
function exactlyOne<Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(
  schema: Schema,
  keys: readonly string[],
): Schema {
  return schema.superRefine((value, context) => {
    const there = keys.filter((key) => Object.hasOwn(value, key));
    if (there.length !== 1) {
      const names = keys.map((key) => `\`${key}\``).join(' and ');
      context.addIssue({
        code: 'custom',
        message: there.length === 0 ? `needs one of ${names}` : `allows only one of ${names}`,
      });
    }
  });
}
