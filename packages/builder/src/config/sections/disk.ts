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
        description: 'The whole disk: 8G, 512M or bytes. The data partition gets what is left.',
      }),
    slot: parsed(textOrNumber, parseByteSize)
      .prefault(formatByteSize(DEFAULT_DISK.slotBytes))
      .meta({
        description: 'Each of the two root file systems; fixed for the life of the device.',
      }),
    esp: parsed(textOrNumber, parseEspSize)
      .prefault(formatByteSize(DEFAULT_DISK.espBytes))
      .meta({ description: 'The EFI system partition, 64M or more.' }),
    sectorSize: z.literal(SECTOR_SIZES).prefault(512).meta({
      description:
        'Logical sectors of the disk, in bytes. 4096 (4Kn): boots by UEFI only; its ESP has 260M or more.',
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
