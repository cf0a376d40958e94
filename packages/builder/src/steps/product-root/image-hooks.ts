import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandLine, MicroLinuxError, shellQuote } from '@micro-linux/core';
import { ownPath } from '../../plan/code/own-path.ts';
import type { StepContext } from '../../plan/step.ts';
import type { RootfsPlan } from '../rootfs/mmdebstrap-arguments.ts';
import type { SlotTars, TarAction } from '../slot/slot-step.ts';
import { writeTar } from '../tar/write-tar.ts';
import { explainProductRoot } from './explain-product-root.ts';
import { type HookBuild, hookCommands } from './hook-commands.ts';
import type { Hook } from './hook-files.ts';
import { RESOLVE_BY_HOST, RESOLVE_BY_IMAGE, rootSessionArguments } from './root-session.ts';

export interface ImageHooksOptions {
  readonly plan: Pick<RootfsPlan, 'profile' | 'mirror' | 'keyring'>;
  readonly hooks: readonly Hook[];
  readonly build: HookBuild;
  /** Directory below which mmdebstrap unpacks; every user must be able to enter it. */
  readonly temporaryDirectory: string;
}

/** What other parts of an image and of a device are made from: hooks of the image find it done. */
const FIXED = [
  'etc/passwd',
  'etc/group',
  'etc/shadow',
  'etc/gshadow',
  'var/lib/dpkg/status',
  'boot/vmlinuz',
  'boot/initrd.img',
];

const OVERLAY = 'run/micro-linux-overlay.tar';
const SUMS = 'run/micro-linux-sums';
const CHANGED = '== changed by hooks';

/** Runs the hooks of the image in packages and overlay; undefined if there are none. */
export function imageHooks(options: ImageHooksOptions): TarAction | undefined {
  const { hooks, plan, build } = options;
  const tarsIn = (directory: string) =>
    hooks.map((_, index) => join(directory, `image-hook-${index}.tar`));
  const call = ({ rootfs, overlay, output }: SlotTars) =>
    rootSessionArguments({
      plan,
      tar: rootfs,
      hooks: [
        `--customize-hook=upload ${shellQuote(overlay)} /${OVERLAY}`,
        `--customize-hook=${UNPACK_OVERLAY}`,
        `--customize-hook=cd "$1" && sha256sum ${FIXED.join(' ')} >${SUMS}`,
        RESOLVE_BY_HOST,
        ...hookCommands(hooks, 'image', build, tarsIn(dirname(output))),
        RESOLVE_BY_IMAGE,
        `--customize-hook=cd "$1" && sha256sum --check --quiet ${SUMS} >&2 || { echo '${CHANGED}' >&2; exit 1; }`,
      ],
      output,
    });
  const placeholders = { rootfs: 'rootfs.tar', overlay: 'overlay.tar', output: './image.tar' };
  async function run(tars: SlotTars, context: StepContext): Promise<void> {
    const files = tarsIn(dirname(tars.output));
    for (const [index, file] of files.entries()) {
      await writeTar(file, hooks[index]?.files ?? [], build.sourceDateEpoch);
    }
    context.progress({ message: `hooks: ${hooks.map(({ name }) => name).join(', ')}` });
    try {
      await context.run('mmdebstrap', call(tars), {
        signal: context.signal,
        logFile: context.logFile,
        env: { TMPDIR: options.temporaryDirectory },
      });
    } catch (thrown) {
      throw changedFiles(thrown) ?? explainProductRoot(thrown, { local: [], hooks });
    }
    for (const file of files) {
      await rm(file);
    }
  }
  return hooks.length === 0
    ? undefined
    : {
        inputs: { arguments: call(placeholders), hooks: hooks.map(({ digest }) => digest) },
        code: [ownPath(import.meta.filename)],
        describe: (tars) => [commandLine('mmdebstrap', call(tars))],
        run,
      };
}

/** As unpack-tree.sh does it for images without hooks. */
const UNPACK_OVERLAY = [
  `tar --extract --file="$1/${OVERLAY}" --directory="$1" --exclude='./dev/*' --preserve-permissions`,
  "--same-owner --numeric-owner --xattrs --xattrs-include='*' --keep-directory-symlink --overwrite",
  `&& rm "$1/${OVERLAY}"`,
].join(' ');

/** The error for a hook that changed what it must not; undefined: none did. */
function changedFiles(thrown: unknown): MicroLinuxError | undefined {
  const output =
    thrown instanceof MicroLinuxError && thrown.cause instanceof Error ? thrown.cause.message : '';
  const files = [...output.matchAll(/^(\S+): FAILED/gm)].map(([, file]) => `/${file}`);
  return output.split('\n').includes(CHANGED)
    ? new MicroLinuxError({
        code: 'hook-failed',
        message: `hooks.image: a script changed ${files.join(', ')}`,
        why: 'the data partition, the update and the checksums for GRUB are made from the accounts, packages and kernel of the root file system',
        hint: 'do this in a script under hooks.rootfs',
        details: { files },
      })
    : undefined;
}
