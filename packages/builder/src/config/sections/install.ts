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
      description: 'Which disk to use if several match the other rules.',
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
        description: 'Device path; * ? [] are wildcards. Default: any.',
        examples: ['/dev/nvme*'],
      }),
    ssd: z
      .boolean()
      .optional()
      .meta({
        description: 'true: only an SSD; false: only a hard disk. Default: either.',
        examples: [true],
      }),
  })
  .prefault({})
  .transform(({ size, serial, model, path, ssd }) => ({ size, serial, model, path, ssd }))
  .meta({ description: 'The disk to install to. It must match all rules.' });

export const installSchema = z
  .strictObject({
    disk,
    preserveData: z.boolean().prefault(false).meta({
      description: 'Keep the data partition of an existing installation.',
    }),
    countdownSeconds: integer(1, 600).prefault(10).meta({
      description: 'Seconds before the ISO starts to install; a key press stops it.',
    }),
    shutdown: z
      .enum(['reboot', 'poweroff'])
      .prefault('reboot')
      .meta({ description: 'What the machine does after the installation.' }),
    earlyCommands: commands(
      'Run as root before the disk is chosen. Each is text for sh, or a list of arguments.',
    ),
    lateCommands: commands('Run as root after the system is on the disk.'),
    errorCommands: commands('Run as root if the installation fails.'),
  })
  .prefault({})
  .meta({ description: 'How the installer works: see docs/guides/seed.md.' });
