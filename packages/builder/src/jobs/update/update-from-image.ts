import { readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import type { Payload } from '@micro-linux/update-image/write';
import { prepareKeys } from '../../keys/prepare-keys.ts';
import { copyWhole } from '../../output/copy-whole.ts';
import { codeReader } from '../../plan/code/code-digest.ts';
import { stepRunner } from '../../plan/run-steps.ts';
import { stepDirectory, stepResult } from '../../plan/step-directory.ts';
import { stepKeys } from '../../plan/step-key.ts';
import { payloadStep } from '../../steps/update/payload-step.ts';
import { updateFacts } from '../../steps/update/update-facts.ts';
import { manifestName, updateStep } from '../../steps/update/update-step.ts';
import type { CommandContext } from '../../system/command-context.ts';
import { requireOutputFile } from '../../system/files/require-file.ts';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';
import { loadForBuild } from '../build/load-for-build.ts';
import { checkSlotFits } from '../build/slot-fit.ts';
import { checkSlotImage } from './check-slot-image.ts';
import type { UpdateOptions } from './update-options.ts';

/**
 * Makes an update from an existing slot image, which may have been changed since. The manifest
 * comes from the config, except for build id and kernel, which come from the image. What is in both
 * must match.
 *
 * @throws MicroLinuxError of the keys, of `checkSlotImage` and of writing; `image-too-large`.
 */
export async function updateFromImage(
  context: CommandContext,
  options: UpdateOptions & { readonly slotImage: string; readonly output: string },
): Promise<void> {
  const { config, configFile, places } = await loadForBuild(context, options);
  const { reporter, signal } = context;
  const image = resolve(context.cwd, options.slotImage);
  const output = resolve(context.cwd, options.output);
  const { signer } = await prepareKeys(config.update, {
    create: !options.dryRun,
    signing: options.detached ? 'none' : 'required',
    reporter,
  });
  await requireOutputFile(output);
  const checked = await checkSlotImage(image, config, { run, signal });
  checkSlotFits(checked, config, reporter);
  const workDirectory = await makeOwnFolder(places.temporary, 'micro-linux-update-', run);
  try {
    const keyOf = stepKeys((await codeReader(context.root)).digest);
    const placement = { cacheDirectory: places.cache, workDirectory, keyOf };
    const payload = payloadStep({
      image,
      digestFile: undefined,
      slot: undefined,
      level: config.update.compressionLevel,
    });
    const payloadFiles = stepResult(payload, placement);
    const update = updateStep({
      payload: payloadFiles,
      facts: async () => updateFacts(config, checked.info),
      known: updateFacts(config, checked.info),
      needs: [payload],
      signer,
      name: 'update.img',
    });
    if (options.dryRun) {
      const commands = [payload, update].flatMap((step) =>
        step.describe(stepDirectory(step, placement)),
      );
      reporter.result(commands.join('\n'), { config: configFile, commands });
      return;
    }
    const execute = {
      ...placement,
      run,
      signal,
      reporter,
      logFile: join(workDirectory, 'log'),
      fresh: true,
    };
    const runner = stepRunner(execute);
    await runner.run([update]);
    const files = stepResult(update, placement);
    await copyWhole(files.update, output);
    if (!signer) {
      await copyWhole(files.manifest, manifestName(output));
    }
    const { bytes, sha256 } = JSON.parse(await readFile(payloadFiles.about, 'utf8')) as Payload;
    const signedBy = signer ? [signer.keyId] : [];
    reporter.result(
      [
        `${output}  ${((await stat(output)).size / MIB).toFixed(0)} MiB, ${signer ? `signed by ${signer.keyId}` : `NOT SIGNED: sign ${manifestName(output)}`}`,
        `  image: ${(bytes / MIB).toFixed(0)} MiB, sha256 ${sha256}`,
      ].join('\n'),
      {
        config: configFile,
        update: output,
        signedBy,
        image: { bytes, sha256 },
        steps: runner.timings,
      },
    );
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}
