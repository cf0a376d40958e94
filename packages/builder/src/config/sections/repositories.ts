import * as z from 'zod';
import { checkedText, integer, parsed, uniqueList, withRule } from '../checked.ts';
import { checkFilePath } from '../file-path.ts';
import { parseMirrorUrl } from '../mirror.ts';
import {
  checkComponent,
  checkPpa,
  checkRepository,
  checkRepositoryName,
  checkSuite,
  parseFingerprint,
} from '../repositories.ts';

/** The limits of apt_preferences(5). */
const PIN = 32_767;

const repository = withRule(
  z.strictObject({
    ppa: checkedText(checkPpa)
      .optional()
      .meta({
        description:
          'Ubuntu only: owner and name of a PPA, instead of suites. Then `uris` is the address of its service.',
        examples: ['owner/name'],
      }),
    name: checkedText(checkRepositoryName)
      .optional()
      .meta({ description: 'Names its files below /etc/apt.', examples: ['vendor'] }),
    uris: z
      .array(parsed(z.string(), parseMirrorUrl))
      .min(1)
      .optional()
      .meta({
        description: 'Addresses of the archive: http, https, file or copy, without a login.',
        examples: [['https://packages.example/debian']],
      }),
    suites: uniqueList(checkedText(checkSuite))
      .optional()
      .meta({
        description: 'Suites, or paths that end in / for an archive without suites.',
        examples: [['stable']],
      }),
    components: uniqueList(checkedText(checkComponent))
      .prefault([])
      .meta({
        description: 'Components. None for an archive without suites.',
        examples: [['main']],
      }),
    signedBy: checkedText(checkFilePath('a file with the public key')).meta({
      description: "File with the archive's public key, armored or binary.",
      examples: ['keys/vendor.asc'],
    }),
    fingerprint: parsed(z.string(), parseFingerprint)
      .optional()
      .meta({
        description: 'Fingerprint of the only key in that file. Default: not checked.',
        examples: ['0123 4567 8901 2345 6789 0123 4567 8901 2345 6789'],
      }),
    pin: integer(-PIN, PIN)
      .optional()
      .meta({
        description:
          "Priority of the packages of its hosts, see apt_preferences(5). Default: apt's.",
        examples: [600],
      }),
    keep: z
      .boolean()
      .prefault(false)
      .meta({ description: 'Configure the archive on the device too.' }),
  }),
  ['ppa', 'name', 'uris', 'suites', 'components', 'fingerprint'],
  checkRepository,
);

export const repositoriesSchema = z.array(repository).prefault([]).meta({
  description: "Package archives in addition to the distribution's: see docs/guides/packages.md.",
});
