import * as z from 'zod';
import { checkedText, uniqueList, withRule } from '../checked.ts';
import { checkPackageLists, checkPackageName } from '../package-name.ts';

const names = uniqueList(checkedText(checkPackageName));

export const packagesSchema = withRule(
  z.strictObject({
    add: names.prefault([]).meta({
      description: 'Packages to install beside those the profile needs.',
      examples: [['curl']],
    }),
    remove: names.prefault([]).meta({
      description: 'Packages to leave out of what the profile would install.',
      examples: [['procps']],
    }),
  }),
  ['add', 'remove'],
  checkPackageLists,
)
  .prefault({})
  .meta({ description: 'Which packages the image holds.' });
