import type { TreeEntry, TreeFile } from '@micro-linux/provision';

/** A file, directory or link that the config puts into the image; its owner is still a name. */
export type ImageFile = WithOwner<TreeEntry>;

type WithOwner<Entry extends TreeEntry> = Entry extends TreeEntry
  ? Omit<Entry, 'uid' | 'gid'> & {
      /** `user`, `user:group` or ids; undefined: root. */
      readonly owner?: string | undefined;
      /** Where it came from, for messages: `overlay/etc/motd`. */
      readonly from: string;
    }
  : never;

/** Everything that `overlay`, `files` and `initial` add, after all checks that need no image. */
export interface ImageFiles {
  /** By path, each once. Paths without the links of the merged /usr. */
  readonly slot: readonly ImageFile[];
  /** For the data partition when a device is first made; paths as on the device. */
  readonly initial: readonly ImageFile[];
  /** SHA-256 of both: paths, modes, owners, targets and contents. */
  readonly digest: string;
}

/** No files of the product. */
export const NO_IMAGE_FILES: ImageFiles = { slot: [], initial: [], digest: '' };

/** The file on this host whose content is copied; undefined if the content is text. */
export function sourceOf({ content }: Pick<TreeFile, 'content'>): string | undefined {
  return typeof content === 'string' ? undefined : content.from;
}

export function isEmpty({ slot, initial }: ImageFiles): boolean {
  return slot.length + initial.length === 0;
}
