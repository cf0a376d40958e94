import * as z from 'zod';
import { checkedText } from '../checked.ts';
import { checkKernelArgument, splitKernelArguments } from '../kernel-arguments.ts';
import { checkPackageName } from '../package-name.ts';

const list = z.array(checkedText(checkKernelArgument));

export const kernelSchema = z
  .strictObject({
    package: checkedText(checkPackageName)
      .optional()
      .meta({
        description: "Kernel package. Default: the profile's.",
        examples: ['linux-image-generic'],
      }),
    arguments: z
      .union([z.string().transform(splitKernelArguments).pipe(list), list])
      .prefault([])
      .meta({
        description:
          'Kernel arguments, as a list or one string. Not root=, ro, rw or console=, which the builder sets.',
        examples: [['quiet']],
      }),
  })
  .prefault({})
  .meta({ description: 'The kernel and its command line.' });
