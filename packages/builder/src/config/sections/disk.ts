import { formatByteSize, parseByteSize } from '@micro-linux/provision';
import * as z from 'zod';
import { parsed, withRule } from '../checked.ts';
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
  }),
  ['size', 'slot', 'esp'],
  ({ size, slot, esp }) => checkDisk({ sizeBytes: size, slotBytes: slot, espBytes: esp }),
)
  .transform(({ size, slot, esp }) => ({ sizeBytes: size, slotBytes: slot, espBytes: esp }))
  .prefault({})
  .meta({ description: 'Sizes of the disk and its partitions.' });
