import * as z from 'zod';
import { checkedText, uniqueList } from '../checked.ts';
import { checkPrunePath } from '../prune-path.ts';

const flag = (description: string) => z.boolean().prefault(true).meta({ description });

export const pruneSchema = z
  .strictObject({
    documentation: flag('Remove manuals and documentation. Licenses stay.'),
    locales: flag('Remove translations that `locale` does not need.'),
    hwdb: flag("Remove the source files of udev's hardware database."),
    firmware: flag('Remove firmware files that no virtual machine needs.'),
    paths: uniqueList(checkedText(checkPrunePath))
      .prefault([])
      .meta({
        description: 'Other paths to remove, as absolute globs.',
        examples: [['/usr/share/fonts/*']],
      }),
  })
  .prefault({})
  .meta({ description: 'What to remove from the image to make it small.' });
