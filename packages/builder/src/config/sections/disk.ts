import {
  espBytesOn,
  formatByteSize,
  parseByteSize,
  SECTOR_SIZES,
  type SectorBytes,
} from '@micro-linux/provision';
import * as z from 'zod';
import { parsed, withRule } from '../checked.ts';
import type { DiskConfig } from '../config.ts';
import { checkDisk, DEFAULT_DISK, parseEspSize } from '../disk.ts';

const textOrNumber = z.union([z.string(), z.number()]);

export const diskSchema = withRule(
  z.strictObject({
    size: parsed(textOrNumber, parseByteSize)
      .prefault(formatByteSize(DEFAULT_DISK.sizeBytes))
      .meta({
        description: 'Size of the whole disk: 8G, 512M or bytes. The data partition gets the rest.',
      }),
    slot: parsed(textOrNumber, parseByteSize)
      .prefault(formatByteSize(DEFAULT_DISK.slotBytes))
      .meta({
        description:
          'Size of each of the two root partitions. It cannot change once a device is installed.',
      }),
    esp: parsed(textOrNumber, parseEspSize)
      .prefault(formatByteSize(DEFAULT_DISK.espBytes))
      .meta({ description: 'Size of the EFI system partition, at least 64M.' }),
    sectorSize: z.literal(SECTOR_SIZES).prefault(512).meta({
      description:
        'Logical sector size of the disk, in bytes. With 4096 (4Kn), it boots by UEFI only and the ESP has at least 260M.',
    }),
  }),
  ['size', 'slot', 'esp', 'sectorSize'],
  (disk) => checkDisk(diskConfig(disk)),
)
  .transform(diskConfig)
  .prefault({})
  .meta({ description: 'Sizes of the disk and its partitions.' });

function diskConfig(disk: {
  readonly size: number;
  readonly slot: number;
  readonly esp: number;
  readonly sectorSize: SectorBytes;
}): DiskConfig {
  return {
    sizeBytes: disk.size,
    slotBytes: disk.slot,
    espBytes: espBytesOn(disk.sectorSize, disk.esp),
    sectorBytes: disk.sectorSize,
  };
}
