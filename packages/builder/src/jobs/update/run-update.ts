import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import type { CommandContext } from '../../system/command-context.ts';
import { runBuild } from '../build/run-build.ts';
import { updateFromImage } from './update-from-image.ts';
import type { UpdateOptions } from './update-options.ts';

/** `update`: builds update.img, or makes one from an existing image. */
export async function runUpdate(context: CommandContext, options: UpdateOptions): Promise<void> {
  const { slotImage, output } = options;
  if (slotImage !== undefined && output !== undefined) {
    await updateFromImage(context, { ...options, slotImage, output });
    return;
  }
  if (slotImage !== undefined || output !== undefined) {
    throw new MicroLinuxError({
      code: 'usage',
      message: '--slot-image and --output go together',
      hint: 'without both, the update goes to the artifacts directory: --artifacts DIR',
      exitCode: ExitCode.usage,
    });
  }
  await runBuild(context, options, ['update']);
}
