import { SlotPath } from '@micro-linux/core';
import type { TreeEntry } from '@micro-linux/provision';

/** An image's description of itself, in {@link SlotPath.imageInfo}. */
export interface ImageInfo {
  readonly schema: 1;
  readonly profile: string;
  readonly version: string;
  readonly compatible: string;
  /** A device on which this image became healthy accepts none with a lower index. */
  readonly rollbackIndex: number;
  /** Digest of everything the slot is made from. */
  readonly buildId: string;
  /** Release of the kernel it boots. */
  readonly kernel: string;
}

/** The image's description as the text of its file. */
export function imageInfoEntry(info: ImageInfo): TreeEntry {
  return { kind: 'file', path: SlotPath.imageInfo, content: `${JSON.stringify(info, null, 2)}\n` };
}
