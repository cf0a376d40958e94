import { Problem } from '@micro-linux/provision';
import * as z from 'zod';
import { DATASOURCES } from '../datasources.ts';

export const cloudInitSchema = z
  .strictObject({
    enabled: z.boolean().prefault(false).meta({
      description:
        'Put cloud-init into the image, for machines that get their keys and host name from a cloud.',
    }),
    datasources: z
      .array(z.enum(DATASOURCES))
      .transform((names) => [...new Set(names)])
      .superRefine((names, context) => {
        if (names.length === 0) {
          const problem = new Problem('lists no datasource', 'write at least one, such as NoCloud');
          context.addIssue({ code: 'custom', message: problem.what, params: { problem } });
        }
      })
      .prefault(['NoCloud', 'ConfigDrive'])
      .meta({
        description: 'The datasources cloud-init tries, in this order. It tries no others.',
      }),
  })
  .prefault({})
  .meta({ description: 'Whether cloud-init is in the image: see docs/guides/cloud-init.md.' });
