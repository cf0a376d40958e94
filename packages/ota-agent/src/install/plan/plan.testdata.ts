import { GIB, MIB } from '@micro-linux/core';
import type { InstallManifest } from '@micro-linux/provision';
import type { Disk } from '../disks/disk.ts';

export const SIZES = { espBytes: 128 * MIB, slotBytes: 768 * MIB };
const SHA = 'a'.repeat(64);
/** Of a medium. */
export const MANIFEST: InstallManifest = {
  format: 'micro-linux-medium',
  schema: 2,
  compatible: 'box',
  version: '1.0.0',
  profile: 'bookworm',
  buildId: 'build-1',
  disk: SIZES,
  files: {
    update: { bytes: 1, sha256: SHA },
    esp: { bytes: 1, sha256: SHA, imageBytes: SIZES.espBytes, imageSha256: SHA },
    esp4k: { bytes: 1, sha256: SHA, imageBytes: 260 * MIB, imageSha256: SHA },
    bootCode: { bytes: 440, sha256: SHA },
    core: { bytes: 1, sha256: SHA },
    seed: { bytes: 1, sha256: SHA },
  },
  others: {},
};
/** A blank disk. */
export const BLANK: Disk = {
  path: '/dev/vda',
  sizeBytes: 8 * GIB,
  logicalBlockBytes: 512,
  readOnly: false,
  removable: false,
  rotational: false,
  serials: [],
  model: undefined,
  links: [],
  mountPoints: [],
  partitions: [],
};
