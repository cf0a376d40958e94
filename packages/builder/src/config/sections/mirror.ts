import * as z from 'zod';
import { parsed } from '../checked.ts';
import { parseMirrorUrl } from '../mirror.ts';

const url = parsed(z.string(), parseMirrorUrl);

export const mirrorSchema = z
  .union([
    url,
    z.strictObject({
      archive: url.meta({
        description: 'The package archive.',
        examples: ['https://mirror.example/debian'],
      }),
      security: url.optional().meta({
        description: 'Security updates. Default: derived from `archive`.',
        examples: ['https://mirror.example/debian-security'],
      }),
    }),
  ])
  .optional()
  .meta({
    description:
      "Package mirror: an http, https, file or copy address, or one each for `archive` and `security`. Default: the profile's.",
    examples: ['https://mirror.example/ubuntu'],
  });
