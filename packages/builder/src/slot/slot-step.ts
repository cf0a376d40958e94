import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLine, SlotPath } from '@micro-linux/core';
import { derivedUuid, FileSystemLabel, type TreeEntry } from '@micro-linux/provision';
import { makeExt4, SLOT_FEATURES } from '../ext4/make-ext4.ts';
import { SLOT_SUMS_PATH, slotSums } from '../grub/index.ts';
import { fileDigest } from '../plan/digest.ts';
import type { Step } from '../plan/step.ts';
import type { Rootfs } from '../rootfs/rootfs-step.ts';
import { writeTar } from '../tar/write-tar.ts';
import { asNamespaceRoot } from '../userns/user-namespace.ts';
import { type ImageInfo, imageInfoEntry } from './image-info.ts';
import { kernelRelease } from './kernel-release.ts';

/** The slot image: what root A holds, the installer writes and an update delivers. */
export interface SlotImage {
  readonly image: string;
  /** `<bytes>\t<path>` of every file in it. */
  readonly listing: string;
  /** JSON of a {@link SlotDigest}. */
  readonly digestFile: string;
}

/** Identity of a slot image. */
export interface SlotDigest {
  readonly sha256: string;
  /** Length in bytes: the file system is only as large as its files need. */
  readonly bytes: number;
}

export interface SlotStepOptions {
  readonly rootfs: Rootfs;
  readonly overlay: readonly TreeEntry[];
  /** All but the kernel, which is known once the root file system is. */
  readonly info: Omit<ImageInfo, 'kernel'>;
  readonly prunePaths: readonly string[];
  readonly sourceDateEpoch: number;
  readonly root: string;
}

/** Makes the slot image: packages, then our files over them, as one ext4 file system. */
export function slotStep(options: SlotStepOptions): Step<SlotImage> {
  const uuid = derivedUuid(options.info.buildId, 'slot');
  return {
    id: 'slot',
    title: 'slot image (ext4)',
    inputs: { ...options.info, uuid },
    describe: () => [
      commandLine(
        ...asNamespaceRoot(process.getuid?.() ?? 0, 'make-ext4.sh', [
          'slot.ext4',
          uuid,
          'micro-linux',
          'rootfs.tar',
          'overlay.tar',
        ]),
      ),
    ],
    async run(context) {
      const overlay = join(context.outputDirectory, 'overlay.tar');
      await writeTar(
        overlay,
        [
          ...options.overlay,
          imageInfoEntry({ ...options.info, kernel: await kernelRelease(options.rootfs.facts) }),
          await bootSums(options.rootfs.facts),
        ],
        options.sourceDateEpoch,
      );
      await makeExt4(
        {
          output: join(context.outputDirectory, 'slot.ext4'),
          uuid,
          label: FileSystemLabel.slot,
          sizeBytes: undefined,
          features: SLOT_FEATURES,
          tars: [options.rootfs.tar, overlay],
          prune: options.prunePaths,
          listing: join(context.outputDirectory, 'files.tsv'),
          sourceDateEpoch: options.sourceDateEpoch,
          root: options.root,
        },
        context,
      );
      context.progress({ message: 'SHA-256' });
      const image = join(context.outputDirectory, 'slot.ext4');
      const digest: SlotDigest = {
        sha256: await fileDigest(image, context.signal),
        bytes: (await stat(image)).size,
      };
      await writeFile(join(context.outputDirectory, 'slot.json'), JSON.stringify(digest));
      await rm(overlay);
    },
    result: (directory) => ({
      digestFile: join(directory, 'slot.json'),
      image: join(directory, 'slot.ext4'),
      listing: join(directory, 'files.tsv'),
    }),
  };
}

/** Checksums of kernel and initrd, which GRUB compares where it can before it starts them. */
async function bootSums(facts: string): Promise<TreeEntry> {
  const sum = async (path: string) => [path, await fileDigest(join(facts, path))] as const;
  const sums = await Promise.all([SlotPath.kernel, SlotPath.initrd].map(sum));
  return { kind: 'file', path: SLOT_SUMS_PATH, content: slotSums(Object.fromEntries(sums)) };
}
