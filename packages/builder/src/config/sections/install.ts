import {
  checkCommand,
  checkDiskPath,
  checkDiskPattern,
  type Problem,
} from '@micro-linux/provision';
import * as z from 'zod';
import { checkedText, integer, parsed } from '../checked.ts';

const command = parsed(
  z.union([z.string(), z.array(z.string())]),
  (value): string | readonly string[] | Problem => checkCommand(value) ?? value,
);

const commands = (description: string) =>
  z
    .array(command)
    .prefault([])
    .meta({ description, examples: [['logger hello']] });

const disk = z
  .strictObject({
    size: z.enum(['largest', 'smallest']).prefault('largest').meta({
      description: 'Which one of several disks that fit the other rules.',
    }),
    serial: checkedText(checkDiskPattern)
      .optional()
      .meta({
        description: 'Serial number; * ? [] are wildcards. Default: any.',
        examples: ['S4EWNX0*'],
      }),
    model: checkedText(checkDiskPattern)
      .optional()
      .meta({
        description: 'Model; * ? [] are wildcards. Default: any.',
        examples: ['Samsung SSD*'],
      }),
    path: checkedText(checkDiskPath)
      .optional()
      .meta({
        description: "The kernel's name of it; * ? [] are wildcards. Default: any.",
        examples: ['/dev/nvme*'],
      }),
    ssd: z
      .boolean()
      .optional()
      .meta({
        description: 'true: no turning platters; false: a hard disk. Default: either.',
        examples: [true],
      }),
  })
  .prefault({})
  .transform(({ size, serial, model, path, ssd }) => ({ size, serial, model, path, ssd }))
  .meta({ description: 'The disk that is installed to. All rules must fit.' });

export const installSchema = z
  .strictObject({
    disk,
    preserveData: z.boolean().prefault(false).meta({
      description: 'Keep the data partition of an installation that is there.',
    }),
    countdownSeconds: integer(1, 600).prefault(10).meta({
      description: 'Seconds in which a key stops the installation of an ISO.',
    }),
    shutdown: z
      .enum(['reboot', 'poweroff'])
      .prefault('reboot')
      .meta({ description: 'What the machine does when it is installed.' }),
    earlyCommands: commands('Run as root before the disk is looked at: text for sh, or a list.'),
    lateCommands: commands('Run as root once the system is on the disk.'),
    errorCommands: commands('Run as root when the installation failed.'),
  })
  .prefault({})
  .meta({ description: 'How the installer goes about it: see docs/guides/seed.md.' });
