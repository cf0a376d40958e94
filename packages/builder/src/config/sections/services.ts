import * as z from 'zod';
import { parsed } from '../checked.ts';
import { parseDefaultTarget } from '../services.ts';
import { parseUnitName } from '../unit-name.ts';

const units = z
  .array(parsed(z.string(), parseUnitName))
  .transform((names) => [...new Set(names)])
  .prefault([]);

export const servicesSchema = z
  .strictObject({
    enable: units.meta({
      description: 'Units that start at boot, as with `systemctl enable`.',
      examples: [['nginx.service']],
    }),
    disable: units.meta({
      description: 'Units that do not start at boot, as with `systemctl disable`.',
      examples: [['fstrim.timer']],
    }),
    mask: units.meta({
      description: 'Units that nothing can start, as with `systemctl mask`.',
      examples: [['systemd-pstore.service']],
    }),
  })
  .prefault({})
  .meta({ description: 'Which units start: see docs/guides/services.md.' });

export const defaultTargetSchema = parsed(z.string(), parseDefaultTarget)
  .optional()
  .meta({
    description:
      "The target that a boot starts. It must start multi-user.target. Default: the distribution's, graphical.target.",
    examples: ['multi-user.target'],
  });
