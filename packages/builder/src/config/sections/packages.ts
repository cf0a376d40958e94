import * as z from 'zod';
import { checkedText, uniqueList, withRule } from '../checked.ts';
import { checkFilePath } from '../file-path.ts';
import { checkPackageLists, checkPackageName, checkPackageWish } from '../package-name.ts';

export const packagesSchema = withRule(
  z.strictObject({
    add: uniqueList(checkedText(checkPackageWish))
      .prefault([])
      .meta({
        description:
          'Packages to install in addition to those the profile needs: `name`, `name=version` or `name/suite`.',
        examples: [['curl']],
      }),
    components: uniqueList(z.string())
      .prefault([])
      .meta({
        description:
          "Components of the distribution's archive to use in addition to the profile's, such as `contrib` or `restricted`.",
        examples: [['non-free-firmware']],
      }),
    local: z
      .array(checkedText(checkFilePath('a .deb file, or a folder of them')))
      .prefault([])
      .meta({
        description:
          '.deb files, and folders whose .deb files are all installed. What they depend on comes from the archives.',
        examples: [['packages/']],
      }),
    remove: uniqueList(checkedText(checkPackageName))
      .prefault([])
      .meta({
        description: 'Packages of the profile that are not installed.',
        examples: [['procps']],
      }),
  }),
  ['add', 'remove'],
  checkPackageLists,
)
  .prefault({})
  .meta({ description: 'Which packages the image contains.' });
