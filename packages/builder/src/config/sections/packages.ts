import * as z from 'zod';
import { checkedText, uniqueList, withRule } from '../checked.ts';
import { checkPackageLists, checkPackageName } from '../package-name.ts';

const names = uniqueList(checkedText(checkPackageName));

export const packagesSchema = withRule(
  z.strictObject({
    add: names.prefault([]).meta({
      description: 'Packages to install in addition to those the profile needs.',
      examples: [['curl']],
    }),
    remove: names.prefault([]).meta({
      description: 'Packages of the profile that are not installed.',
      examples: [['procps']],
    }),
  }),
  ['add', 'remove'],
  checkPackageLists,
)
  .prefault({})
  .meta({ description: 'Which packages the image contains.' });
