import * as z from 'zod';
import { integer } from '../checked.ts';

export const bootSchema = z
  .strictObject({
    timeoutSeconds: integer(1, 60)
      .prefault(1)
      .meta({ description: 'Seconds for which GRUB shows its menu.' }),
    tries: integer(1, 7)
      .prefault(1)
      .meta({ description: 'Boots that an updated slot gets to become healthy.' }),
    counter: integer(1, 7).prefault(3).meta({
      description:
        'Failed boots in a row after which GRUB leaves the confirmed slot and starts the other one.',
    }),
  })
  .prefault({})
  .meta({ description: 'How GRUB chooses a slot.' });
