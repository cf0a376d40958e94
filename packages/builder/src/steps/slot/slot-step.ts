import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BOOT_PROGRAMS, SlotPath } from '@micro-linux/core';
import {
  accountEntries,
  derivedUuid,
  FileSystemLabel,
  readAccounts,
  type TreeEntry,
} from '@micro-linux/provision';
import type { StepCode } from '../../plan/code/code-digest.ts';
import { ownPath } from '../../plan/code/own-path.ts';
import { fileDigest } from '../../plan/digest.ts';
import type { Step, StepContext } from '../../plan/step.ts';
import { type ImageFiles, isEmpty } from '../../product/image-file.ts';
import type { SecureBoot } from '../../profiles/profile.ts';
import { placeSignedPrograms, signedProgramsCommands } from '../esp/signed-programs.ts';
import {
  EXT4_SCRIPTS,
  type Ext4Options,
  makeExt4,
  makeExt4Command,
  SLOT_FEATURES,
} from '../ext4/make-ext4.ts';
import { SLOT_SUMS_PATH, slotSums } from '../grub/slot-config.ts';
import { deviceAccounts } from '../own-files/device-accounts.ts';
import { listTar, withEntries } from '../own-files/list-tar.ts';
import { placeFiles } from '../own-files/place-files.ts';
import type { Rootfs } from '../rootfs/rootfs-step.ts';
import { writeTar } from '../tar/write-tar.ts';
import { type AccountChoice, addImageAccounts } from './image-accounts.ts';
import { type ImageInfo, imageInfoEntry } from './image-info.ts';
import { kernelRelease } from './kernel-release.ts';

/** The slot image: the contents of root A, written by the installer and delivered by an update. */
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

/** Something that is done to the unpacked files of a slot image: packages and overlay. */
export interface TreeAction {
  /** All that its result depends on, besides the tree: part of the step's key. */
  readonly inputs: unknown;
  /** Modules and scripts of its code. */
  readonly code: StepCode;
  /** The commands it runs, to paste. */
  describe(tree: string): readonly string[];
  /** Owners in the tree are those of a user namespace: change files with `runAsNamespaceRoot`. */
  run(tree: string, context: StepContext): Promise<void>;
}

/** Makes one tar of those of an image. */
export interface TarAction {
  /** All that its result depends on, besides the tars: part of the step's key. */
  readonly inputs: unknown;
  /** Modules and scripts of its code. */
  readonly code: StepCode;
  /** The commands it runs, to paste. */
  describe(tars: SlotTars): readonly string[];
  run(tars: SlotTars, context: StepContext): Promise<void>;
}

export interface SlotTars {
  readonly rootfs: string;
  readonly overlay: string;
  /** The tar to make. */
  readonly output: string;
}

export interface SlotStepOptions {
  readonly rootfs: Rootfs;
  readonly overlay: readonly TreeEntry[];
  /** The part of the overlay that is not made by other steps: its digest, or its entries. */
  readonly overlayInputs: object;
  /** Files of the product. They win over the overlay. */
  readonly files: ImageFiles;
  /** The kernel is known once the root file system exists. */
  readonly info: Omit<ImageInfo, 'kernel' | 'buildId'>;
  /** The key of this step. */
  readonly buildId: () => string;
  /** Steps that make the root file system and files of the overlay. */
  readonly needs: readonly Step<unknown>[];
  /** Directory of the boot programs that an update copies to the ESP. */
  readonly secureBoot: SecureBoot;
  readonly prunePaths: readonly string[];
  /** Added to those of the packages. */
  readonly accounts: AccountChoice;
  /** Runs before all actions. */
  readonly hooks?: TarAction | undefined;
  /** In the order in which they run. */
  readonly actions?: readonly TreeAction[];
  readonly sourceDateEpoch: number;
  readonly root: string;
}

/** Makes the slot image: packages, then our files over them, as one ext4 file system. */
export function slotStep(options: SlotStepOptions): Step<SlotImage> {
  const { actions = [], hooks } = options;
  const tars = (directory: string): SlotTars => ({
    rootfs: options.rootfs.tar,
    overlay: join(directory, 'overlay.tar'),
    output: join(directory, 'image.tar'),
  });
  const ext4 = (directory: string): Ext4Options => ({
    output: join(directory, 'slot.ext4'),
    uuid: derivedUuid(options.buildId(), 'slot'),
    label: FileSystemLabel.slot,
    sizeBytes: undefined,
    features: SLOT_FEATURES,
    tars: hooks ? [tars(directory).output] : [tars(directory).rootfs, tars(directory).overlay],
    prune: options.prunePaths,
    listing: join(directory, 'files.tsv'),
    sourceDateEpoch: options.sourceDateEpoch,
    root: options.root,
  });
  return {
    id: 'slot',
    title: 'slot image (ext4)',
    code: [
      ownPath(import.meta.filename),
      ...EXT4_SCRIPTS,
      ...(hooks?.code ?? []),
      ...actions.flatMap(({ code }) => code),
    ],
    needs: options.needs,
    inputs: {
      info: options.info,
      overlay: options.overlayInputs,
      ...(isEmpty(options.files)
        ? {}
        : { files: [options.files.digest, options.accounts.user.name] }),
      secureBoot: options.secureBoot,
      prune: options.prunePaths,
      accounts: accountInputs(options.accounts),
      ...(hooks ? { hooks: hooks.inputs } : {}),
      actions: actions.map(({ inputs }) => inputs),
      epoch: options.sourceDateEpoch,
    },
    cached: true,
    describe: (directory) => [
      ...signedProgramsCommands(
        { secureBoot: options.secureBoot, bootPackages: options.rootfs.bootPackages },
        join(directory, 'bootloader'),
        directory,
      ),
      `# write ${join(directory, 'overlay.tar')}: our files, ${BOOT_PROGRAMS.map(({ name }) => name).join(', ')} and checksums`,
      ...(hooks?.describe(tars(directory)) ?? []),
      ...makeExt4Command(ext4(directory), (tree) =>
        actions.flatMap((action) => action.describe(tree)),
      ),
    ],
    async run(context) {
      const overlay = join(context.outputDirectory, 'overlay.tar');
      const bootloader = join(context.outputDirectory, 'bootloader');
      await placeSignedPrograms(
        { secureBoot: options.secureBoot, bootPackages: options.rootfs.bootPackages },
        bootloader,
        context,
      );
      await writeTar(
        overlay,
        [
          ...options.overlay,
          ...bootloaderEntries(bootloader),
          imageInfoEntry({
            ...options.info,
            buildId: options.buildId(),
            kernel: await kernelRelease(options.rootfs.facts),
          }),
          await bootSums(options.rootfs.facts),
          ...(await accountFiles(options)),
          ...(await ownFiles(options, context)),
        ],
        options.sourceDateEpoch,
      );
      await hooks?.run(tars(context.outputDirectory), context);
      await makeExt4(ext4(context.outputDirectory), context, async (tree) => {
        for (const action of actions) {
          await action.run(tree, context);
        }
      });
      context.progress({ message: 'SHA-256' });
      const image = join(context.outputDirectory, 'slot.ext4');
      const digest: SlotDigest = {
        sha256: await fileDigest(image, context.signal),
        bytes: (await stat(image)).size,
      };
      await writeFile(join(context.outputDirectory, 'slot.json'), JSON.stringify(digest));
      await rm(overlay);
      await rm(tars(context.outputDirectory).output, { force: true });
      await rm(bootloader, { recursive: true });
    },
    result: (directory) => ({
      digestFile: join(directory, 'slot.json'),
      image: join(directory, 'slot.ext4'),
      listing: join(directory, 'files.tsv'),
    }),
  };
}

/** Files of the product, checked against the image. @throws MicroLinuxError `files-refused`. */
async function ownFiles(
  { files, overlay, rootfs, accounts }: SlotStepOptions,
  context: StepContext,
): Promise<TreeEntry[]> {
  return isEmpty(files)
    ? []
    : placeFiles(files, {
        nodes: withEntries(await listTar(rootfs.tar, context), overlay),
        accounts: deviceAccounts(await readAccounts(rootfs.facts), accounts),
      });
}

/**
 * Shim, GRUB and MokManager as part of the image: `ota-agent bootloader` copies them to the ESP.
 */
function bootloaderEntries(from: string): TreeEntry[] {
  return [
    { kind: 'directory', path: SlotPath.bootloader },
    ...BOOT_PROGRAMS.map(
      ({ name }) =>
        ({
          kind: 'file',
          path: join(SlotPath.bootloader, name),
          content: { from: join(from, name) },
        }) as const,
    ),
  ];
}

/** What affects the account files. */
function accountInputs({ user, users, groups }: AccountChoice): object {
  return users.length + groups.length === 0
    ? []
    : [
        user.name,
        users.map(({ sshKeys, passwordHash, changePassword, sudo, ...account }) => account),
        groups,
      ];
}

/** The account files with the accounts of the config; none if it has none. */
async function accountFiles({ accounts, rootfs }: SlotStepOptions): Promise<readonly TreeEntry[]> {
  return accounts.users.length + accounts.groups.length === 0
    ? []
    : accountEntries(addImageAccounts(await readAccounts(rootfs.facts), accounts), '/etc');
}

/** Checksums of kernel and initrd, which GRUB verifies, if it can, before it starts them. */
async function bootSums(facts: string): Promise<TreeEntry> {
  const sum = async (path: string) => [path, await fileDigest(join(facts, path))] as const;
  const sums = await Promise.all([SlotPath.kernel, SlotPath.initrd].map(sum));
  return { kind: 'file', path: SLOT_SUMS_PATH, content: slotSums(Object.fromEntries(sums)) };
}
