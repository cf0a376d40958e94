import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeHead, type Manifest, type ManifestSignature } from '@micro-linux/update-image';
import { encodeManifest, type Payload, writeUpdate } from '@micro-linux/update-image/write';
import type { Signer } from '../../keys/signer.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import type { Step } from '../../plan/step.ts';
import type { PayloadFiles } from './payload-step.ts';
import type { UpdateFacts } from './update-facts.ts';

/** A finished update. */
export interface UpdateFiles {
  readonly update: string;
  /** The bytes a signature covers. */
  readonly manifest: string;
  /** Manifest and signatures, as a device stores them for a slot. */
  readonly head: string;
}

export interface UpdateStepOptions {
  readonly payload: PayloadFiles;
  /** All but the kernel is known before; called only when the step runs. */
  readonly facts: () => Promise<UpdateFacts>;
  /** The part of {@link facts} that is known before. */
  readonly known: object;
  /** The steps that make payload and facts. */
  readonly needs: readonly Step<unknown>[];
  /** Undefined: the update stays unsigned. */
  readonly signer: Signer | undefined;
  /** File name of the update. */
  readonly name: string;
}

/** Writes and signs update.img. Not cached: the signer may be a command, and it is quick. */
export function updateStep(options: UpdateStepOptions): Step<UpdateFiles> {
  const { payload, signer, name } = options;
  const files = (directory: string): UpdateFiles => ({
    update: join(directory, name),
    manifest: join(directory, manifestName(name)),
    head: join(directory, 'slot.head'),
  });
  return {
    id: 'update',
    title: signer ? 'update.img (signed)' : 'update.img (not signed)',
    code: [ownPath(import.meta.filename)],
    needs: options.needs,
    // The file has the artifact's name.
    inputs: { facts: options.known, signedBy: signer?.keyId, name },
    cached: false,
    describe: (directory) => [
      signer
        ? `# sign the manifest by ${signer.title}, ${signer.keyId}`
        : '# leave the manifest unsigned',
      `# write ${files(directory).update}`,
    ],
    async run(context) {
      const { update, manifest, head } = files(context.outputDirectory);
      const image = JSON.parse(await readFile(payload.about, 'utf8')) as Payload;
      const manifestBytes = encodeManifest(manifestOf(await options.facts(), image));
      const signatures: ManifestSignature[] = [];
      if (signer) {
        context.progress({ message: `waiting for ${signer.title}` });
        signatures.push(
          await signer.sign(manifestBytes, {
            run: context.run,
            signal: context.signal,
            directory: context.outputDirectory,
          }),
        );
      }
      await writeFile(manifest, manifestBytes);
      await writeFile(head, encodeHead({ manifestBytes, signatures }));
      await writeUpdate({
        output: update,
        payload: payload.frames,
        manifestBytes,
        signatures,
        signal: context.signal,
      });
    },
    result: files,
  };
}

/** Name of the file with the bytes to sign, next to an update. */
export function manifestName(update: string): string {
  return `${update}.manifest`;
}

function manifestOf(facts: UpdateFacts, image: Payload): Manifest {
  return {
    ...{ format: 'micro-linux-update', schema: 1, ...facts },
    image: { ...image, chunks: [...image.chunks] },
  };
}
