import * as z from 'zod';
import { checkedText, integer } from '../checked.ts';
import { checkFilePath } from '../file-path.ts';

/** A hook that needs more than ten minutes should say so; a day is the most. */
const DEFAULT_SECONDS = 600;
const DAY_SECONDS = 86_400;

const script = checkedText(checkFilePath('a script'));

const hook = z
  .union([
    script.transform((path) => ({
      script: path,
      arguments: [],
      network: false,
      timeoutSeconds: DEFAULT_SECONDS,
      inputs: [],
    })),
    z.strictObject({
      script: script.meta({ description: 'The script.', examples: ['hooks/finish.sh'] }),
      arguments: z
        .array(z.string())
        .prefault([])
        .meta({ description: 'Arguments of the script.', examples: [['--release']] }),
      network: z
        .boolean()
        .prefault(false)
        .meta({ description: 'Let the script use the network of the build host.' }),
      timeoutSeconds: integer(1, DAY_SECONDS).prefault(DEFAULT_SECONDS).meta({
        description: 'Seconds after which the script, and all it started, is killed.',
      }),
      inputs: z
        .array(checkedText(checkFilePath('a file or folder')))
        .prefault([])
        .meta({
          description:
            'Files and folders that the script reads. It finds them by their names in $MICRO_LINUX_INPUTS.',
          examples: [['assets']],
        }),
    }),
  ])
  .meta({ description: 'A script, or a script with settings.' });

export const hooksSchema = z
  .strictObject({
    rootfs: z
      .array(hook)
      .prefault([])
      .meta({
        description:
          'Scripts that run as root inside the root file system once all packages are installed.',
        examples: [['hooks/finish.sh']],
      }),
    image: z
      .array(hook)
      .prefault([])
      .meta({
        description:
          'Scripts that run as root inside the image once all files are in place. They cannot change accounts, packages or the kernel.',
        examples: [['hooks/check.sh']],
      }),
  })
  .prefault({})
  .meta({ description: 'Scripts that run during the build: see docs/guides/hooks.md.' });
