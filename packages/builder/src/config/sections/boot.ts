import * as z from 'zod';
import { integer } from '../checked.ts';

export const bootSchema = z
  .strictObject({
    timeoutSeconds: integer(1, 60)
      .prefault(1)
      .meta({ description: 'Seconds for which GRUB shows its menu.' }),
    tries: integer(1, 7)
      .prefault(1)
      .meta({ description: 'Boots a freshly updated slot gets to prove itself.' }),
    counter: integer(1, 7).prefault(3).meta({
      description: 'Failed boots in a row after which the confirmed slot gives way to the other.',
    }),
  })
  .prefault({})
  .meta({ description: 'How GRUB chooses.' });
