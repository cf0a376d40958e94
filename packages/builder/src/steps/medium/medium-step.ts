import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { commandLine } from '@micro-linux/core';
import { type InstallManifest, installManifestSchema, MediumPath } from '@micro-linux/provision';
import { encodeSignatureFile } from '@micro-linux/update-image';
import type { SeedFiles } from '../../autoinstall/make/seed-step.ts';
import type { Signer } from '../../keys/signer.ts';
import type { TrustedKey } from '../../keys/trust.ts';
import type { StepCode } from '../../plan/code/code-digest.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { fileDigest } from '../../plan/digest.ts';
import type { Step } from '../../plan/step.ts';
import { writeCommand } from '../../plan/write-command.ts';
import type { BiosGrubFiles } from '../disk/bios-grub-step.ts';
import { compressCommand, compressFile } from './compress-file.ts';
import type { MediumFile } from './medium-file.ts';

export interface MediumStepOptions {
  readonly about: Omit<InstallManifest, 'format' | 'schema' | 'files' | 'others'>;
  /** Signed: what is installed from the medium is what an update would deliver. */
  readonly update: string;
  /** Images of the ESP, for disks with sectors of 512 and of 4096 bytes. */
  readonly esp: string;
  readonly esp4k: string;
  readonly biosGrub: BiosGrubFiles;
  readonly seed: SeedFiles;
  /** Other files or directories on the medium; signed so that a medium can be checked elsewhere. */
  readonly others: readonly MediumFile[];
  /** The keys whose signatures the installer accepts. */
  readonly keys: readonly TrustedKey[];
  /** Undefined: the medium stays unsigned, and cannot install before it is signed. */
  readonly signer: Signer | undefined;
  /** The steps that make these files. */
  readonly needs: readonly Step<unknown>[];
  /** The files of {@link others} that are in the checkout. */
  readonly sources?: StepCode;
}

/**
 * Makes the files below /micro-linux for `ota-agent install`, for any kind of medium. They contain
 * no secret: the seed is separate. The manifest has the hash of every file that the installer
 * writes or uses, and is signed like an update's.
 */
export function mediumStep(options: MediumStepOptions): Step<readonly MediumFile[]> {
  const { about, update, esp, esp4k, biosGrub, seed, keys, signer } = options;
  const files = (directory: string) => ({
    manifest: join(directory, basename(MediumPath.manifest)),
    signatures: join(directory, basename(MediumPath.signatures)),
    esp: join(directory, basename(MediumPath.esp)),
    esp4k: join(directory, basename(MediumPath.esp4k)),
    keys: keys.map(({ keyId }) => join(directory, 'keys', `${keyId}.pem`)),
  });
  const others = [
    ...options.others,
    { path: MediumPath.userData, file: seed.userData },
    { path: MediumPath.metaData, file: seed.metaData },
  ];
  return {
    id: 'medium',
    title: signer
      ? 'files of the installation medium (signed)'
      : 'files of the installation medium (not signed)',
    code: [ownPath(import.meta.filename), ...(options.sources ?? [])],
    needs: options.needs,
    inputs: {
      about,
      // Their contents are covered by the keys of the steps that make them.
      others: others.map(({ path }) => path),
      keys: keys.map(({ keyId, pem }) => [keyId, pem]),
      signedBy: signer?.keyId,
    },
    cached: false,
    describe: (directory) => {
      const out = files(directory);
      return [
        compressCommand(esp, out.esp),
        compressCommand(esp4k, out.esp4k),
        ...(keys.length > 0 ? [commandLine('mkdir', [join(directory, 'keys')])] : []),
        ...keys.map(({ pem }, index) => writeCommand(out.keys[index] ?? '', pem)),
        `# write ${out.manifest}: lengths and SHA-256 of all files of the medium`,
        signer ? `# sign it by ${signer.title}, ${signer.keyId}` : '# leave it unsigned',
      ];
    },
    async run(context) {
      const { outputDirectory, signal } = context;
      const out = files(outputDirectory);
      await compressFile(esp, out.esp, signal);
      await compressFile(esp4k, out.esp4k, signal);
      await mkdir(join(outputDirectory, 'keys'));
      for (const { keyId, pem } of keys) {
        await writeFile(join(outputDirectory, 'keys', `${keyId}.pem`), pem);
      }
      const file = async (path: string) => ({
        bytes: (await stat(path)).size,
        sha256: await fileDigest(path, signal),
      });
      const image = async (path: string, from: string) => {
        const { bytes: imageBytes, sha256: imageSha256 } = await file(from);
        return { ...(await file(path)), imageBytes, imageSha256 };
      };
      const listed = await allFiles([...others, ...keyFiles(out.keys)]);
      const manifest = installManifestSchema.parse({
        format: 'micro-linux-medium',
        schema: 2,
        ...about,
        files: {
          update: await file(update),
          esp: await image(out.esp, esp),
          esp4k: await image(out.esp4k, esp4k),
          bootCode: await file(biosGrub.bootCode),
          core: await file(biosGrub.core),
          seed: await file(seed.autoinstall),
        },
        others: Object.fromEntries(
          await Promise.all(listed.map(async (one) => [one.path, await file(one.file)] as const)),
        ),
      });
      const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
      await writeFile(out.manifest, bytes);
      if (signer) {
        context.progress({ message: `waiting for ${signer.title}` });
      }
      const signature = await signer?.sign(bytes, {
        ...{ run: context.run, signal, directory: outputDirectory },
      });
      await writeFile(out.signatures, encodeSignatureFile(signature ? [signature] : []));
    },
    result: (directory) => {
      const out = files(directory);
      return [
        { path: MediumPath.update, file: update },
        { path: MediumPath.esp, file: out.esp },
        { path: MediumPath.esp4k, file: out.esp4k },
        { path: MediumPath.bootCode, file: biosGrub.bootCode },
        { path: MediumPath.core, file: biosGrub.core },
        ...keyFiles(out.keys),
        { path: MediumPath.signatures, file: out.signatures },
        // Last: without it, the directory is not a medium.
        { path: MediumPath.manifest, file: out.manifest },
      ];
    },
  };
}

function keyFiles(keys: readonly string[]): readonly MediumFile[] {
  return keys.map((file) => ({ path: `${MediumPath.keys}/${basename(file)}`, file }));
}

/** Replaces directories with their files, sorted by path. */
async function allFiles(entries: readonly MediumFile[]): Promise<readonly MediumFile[]> {
  const found = await Promise.all(
    entries.map(async ({ path, file }) => {
      if (!(await stat(file)).isDirectory()) {
        return [{ path, file }];
      }
      const inside = (await readdir(file)).map((name) => ({
        path: `${path}/${name}`,
        file: join(file, name),
      }));
      return allFiles(inside);
    }),
  );
  return found.flat().toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
