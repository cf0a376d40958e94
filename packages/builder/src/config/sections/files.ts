import { Problem } from '@micro-linux/provision';
import * as z from 'zod';
import { checkedText, parsed, withRule } from '../checked.ts';
import { checkFilePath } from '../file-path.ts';
import { checkImagePath, checkOwnedPath, checkOwner, parseMode } from '../files.ts';

const folders = (what: string) => {
  const folder = checkedText(checkFilePath(what));
  return z.union([folder.transform((path) => [path]), z.array(folder)]).prefault([]);
};

export const overlaySchema = folders('a folder').meta({
  description:
    "Folders laid over the root of the image, relative to this file's folder: docs/guides/files.md.",
  examples: [['overlay']],
});

export const initialSchema = folders('a folder').meta({
  description:
    'Folders with var, home or root, copied to the data partition when a device is first made, and never again.',
  examples: [['initial']],
});

export const ownersSchema = z
  .record(checkedText(checkOwnedPath), checkedText(checkOwner))
  .prefault({})
  .meta({
    description:
      'Owner of files of `overlay`, `files` and `initial`, by path or glob: all below it, too. Root by default.',
    examples: [{ '/opt/app/data': 'www-data:www-data' }],
  });

const file = withRule(
  z.strictObject({
    path: checkedText(checkImagePath).meta({
      description: 'Where it is in the image.',
      examples: ['/etc/motd'],
    }),
    content: z
      .string()
      .optional()
      .meta({ description: 'Its text.', examples: ['Welcome'] }),
    source: checkedText(checkFilePath('a file'))
      .optional()
      .meta({
        description: "The file to copy, relative to this file's folder.",
        examples: ['motd'],
      }),
    mode: parsed(z.string(), parseMode)
      .optional()
      .meta({
        description: "Permission bits, octal. Default: those of `source`, or '0644'.",
        examples: ["'0755'"],
      }),
    owner: checkedText(checkOwner)
      .optional()
      .meta({ description: 'Default: as `owners` says, or root.', examples: ['www-data'] }),
  }),
  ['content', 'source'],
  ({ content, source }) => {
    if ((content === undefined) !== (source === undefined)) {
      return undefined;
    }
    return content === undefined
      ? new Problem('has neither content nor source', 'write one of them')
      : new Problem('has both content and source', 'delete one of them');
  },
).transform(({ path, content, source, mode, owner }) => ({
  path,
  content: content ?? { from: source ?? '' },
  mode,
  owner,
}));

export const filesSchema = z
  .array(file)
  .prefault([])
  .meta({
    description: 'Single files of the image. They win over `overlay`.',
    examples: [[{ path: '/etc/motd', content: 'Welcome\n' }]],
  });
