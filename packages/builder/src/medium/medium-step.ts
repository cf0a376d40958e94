import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type InstallManifest, installManifestSchema, MediumPath } from '@micro-linux/provision';
import type { BiosGrubFiles } from '../disk/bios-grub-step.ts';
import type { TrustedKey } from '../keys/trust.ts';
import { fileDigest } from '../plan/digest.ts';
import type { Step } from '../plan/step.ts';
import { compressFile } from './compress-file.ts';
import type { MediumFile } from './medium-file.ts';

export interface MediumStepOptions {
  readonly about: Omit<InstallManifest, 'schema' | 'files'>;
  /** Signed: what is installed from the medium is what an update would deliver. */
  readonly update: string;
  /** Image of the ESP. */
  readonly esp: string;
  readonly biosGrub: BiosGrubFiles;
  /** Whose signature the installer takes. */
  readonly keys: readonly TrustedKey[];
}

/**
 * Makes what any medium carries below /micro-linux for `ota-agent install`, whatever boots it. Holds
 * no secret: the seed is beside it.
 */
export function mediumStep(options: MediumStepOptions): Step<readonly MediumFile[]> {
  const { about, update, esp, biosGrub, keys } = options;
  const files = (directory: string) => ({
    manifest: join(directory, basename(MediumPath.manifest)),
    esp: join(directory, basename(MediumPath.esp)),
    keys: keys.map(({ keyId }) => join(directory, 'keys', `${keyId}.pem`)),
  });
  return {
    id: 'medium',
    title: 'what a medium carries',
    inputs: undefined,
    describe: () => [
      `zstd ${esp}`,
      `write ${basename(MediumPath.manifest)} (lengths and SHA-256 of update, ESP and GRUB for BIOS)`,
      ...keys.map(({ keyId }) => `write keys/${keyId}.pem`),
    ],
    async run({ outputDirectory, signal }) {
      const out = files(outputDirectory);
      await compressFile(esp, out.esp, signal);
      const file = async (path: string) => ({
        bytes: (await stat(path)).size,
        sha256: await fileDigest(path, signal),
      });
      const image = await file(esp);
      const manifest = installManifestSchema.parse({
        schema: 1,
        ...about,
        files: {
          update: await file(update),
          esp: { ...(await file(out.esp)), imageBytes: image.bytes, imageSha256: image.sha256 },
          bootCode: await file(biosGrub.bootCode),
          core: await file(biosGrub.core),
        },
      });
      await writeFile(out.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
      await mkdir(join(outputDirectory, 'keys'));
      for (const { keyId, pem } of keys) {
        await writeFile(join(outputDirectory, 'keys', `${keyId}.pem`), pem);
      }
    },
    result: (directory) => {
      const out = files(directory);
      return [
        { path: MediumPath.update, file: update },
        { path: MediumPath.esp, file: out.esp },
        { path: MediumPath.bootCode, file: biosGrub.bootCode },
        { path: MediumPath.core, file: biosGrub.core },
        ...out.keys.map((file) => ({ path: `${MediumPath.keys}/${basename(file)}`, file })),
        // Last: without it, it is no medium.
        { path: MediumPath.manifest, file: out.manifest },
      ];
    },
  };
}
