import { chmod, copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunResult, run } from '@micro-linux/core';
import { liveFile } from './live-file.ts';

/**
 * A live system as Subiquity leaves it before late-commands, in a mount namespace: /target mounted
 * with partitions below it, our medium, and the snap's environment. Mounts are real; only Node and
 * what needs block devices is replaced (lsblk, the mount of a device, /sys).
 */
export interface StagedMedium {
  readonly directory: string;
  /** Runs a program of the medium after `setUp`, then `afterwards`; returns any status. */
  run(program: string, options?: StageOptions): Promise<RunResult>;
  /** How the agent was called, and what it saw; undefined if it was not called. */
  agentCall(): Promise<AgentCall | undefined>;
}

export interface StageOptions {
  /** sh, in the namespace, with `$work`. */
  readonly setUp?: string;
  readonly afterwards?: string;
  readonly type?: string;
  /** Of the agent. */
  readonly status?: number;
}

export interface AgentCall {
  readonly args: readonly string[];
  readonly environment: readonly string[];
  /** Lines of `findmnt` about /target while it ran. */
  readonly mounts: readonly string[];
  /** Path of the Node that ran. */
  readonly node: string;
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);

/** Mounts everything at a target as in the seed's storage section. */
export const MOUNTED_TARGET = `
mount -t tmpfs /dev/vdz2 "$work/target"
mkdir -p "$work/target/boot/efi" "$work/target/data" "$work/target/usr"
mount -t tmpfs /dev/vdz1 "$work/target/boot/efi"
mount -t tmpfs /dev/vdz4 "$work/target/data"
mount -t tmpfs micro-linux-usr "$work/target/usr"
`;

export async function stageMedium(): Promise<StagedMedium> {
  const directory = await mkdtemp(join(tmpdir(), 'live-system-'));
  const at = (path: string) => join(directory, path);
  for (const path of ['cdrom/micro-linux/keys', 'target', 'fake', 'tmp']) {
    await mkdir(at(path), { recursive: true });
  }
  for (const [partition, number] of [
    ['vdz1', '1'],
    ['vdz14', '14'],
    ['vdz2', '2'],
  ] as const) {
    await mkdir(at(`sys/vdz/${partition}`), { recursive: true });
    await writeFile(at(`sys/vdz/${partition}/partition`), `${number}\n`);
  }
  await copyFile(liveFile('install'), at('cdrom/micro-linux/install'));
  await program(at('cdrom/micro-linux/node'), NODE(directory));
  await program(at('fake/lsblk'), LSBLK(directory));
  await program(at('fake/mount'), MOUNT(directory));
  await program(at('fake/udevadm'), '#!/bin/sh\n');
  await copyFile('/usr/bin/mount', at('fake/real-mount'));
  await chmod(at('fake/real-mount'), 0o755);
  return {
    directory,
    async run(line, { setUp = MOUNTED_TARGET, afterwards = '', type = 'part', status = 0 } = {}) {
      await writeFile(at('fake/type'), type);
      await writeFile(at('fake/status'), String(status));
      const script = `
set -eu
work='${directory}'
${setUp}
mount --bind "$work/sys" /sys/class/block
for program in lsblk udevadm mount; do
	if [ -e "/usr/bin/$program" ]; then "$work/fake/real-mount" --bind "$work/fake/$program" "/usr/bin/$program"; fi
done
set +e
(
	TARGET_MOUNT_POINT="$work/target" PYTHONPATH=/snap/python NODE_OPTIONS=--no-such-option
	LD_LIBRARY_PATH=/snap/lib OUTPUT_FSTAB="$work/fstab" CONFIG="$work/config" WORKING_DIR="$work/tmp"
	export TARGET_MOUNT_POINT PYTHONPATH NODE_OPTIONS LD_LIBRARY_PATH OUTPUT_FSTAB CONFIG WORKING_DIR
	${line}
)
status=$?
set -e
${afterwards}
exit "$status"
`;
      return await run(...inNamespace(script), { okExitCodes: ANY_STATUS });
    },
    async agentCall() {
      const read = async (name: string) =>
        (await readFile(at(`fake/${name}`), 'utf8')).split('\n').filter((text) => text !== '');
      const args = await read('args').catch(() => undefined);
      return (
        args && {
          args,
          environment: await read('environment'),
          mounts: await read('mounts'),
          node: (await read('node'))[0] ?? '',
        }
      );
    },
  };
}

/**
 * Root of a mount namespace and, for other users than root, of a user namespace with all of the
 * caller's ids.
 */
export function inNamespace(script: string): [string, readonly string[]] {
  const ids = process.getuid?.() === 0 ? [] : ['--map-root-user', '--map-auto'];
  return ['unshare', [...ids, '--mount', 'sh', '-c', script]];
}

/** Whether such a namespace can be created here. */
export async function canMount(): Promise<boolean> {
  return run(...inNamespace('mount -t tmpfs tmpfs /mnt')).then(
    () => true,
    () => false,
  );
}

async function program(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o755);
}

const NODE = (work: string) => `#!/bin/sh
if [ "$1" = --version ]; then exit 0; fi
printf '%s\\n' "$0" >${work}/fake/node
printf '%s\\n' "$@" >${work}/fake/args
env >${work}/fake/environment
findmnt --raw --noheadings --output TARGET,SOURCE | grep '^${work}/target' >${work}/fake/mounts
exit "$(cat ${work}/fake/status)"
`;

const LSBLK = (work: string) => `#!/bin/sh
case "$*" in
'--noheadings --nodeps --output TYPE /dev/vdz2') cat ${work}/fake/type ;;
'--noheadings --nodeps --output PKNAME /dev/vdz2') echo vdz ;;
*) echo "lsblk: $*: not staged" >&2; exit 1 ;;
esac
`;

/** There is no device to mount, so this mounts a tmpfs with its name. */
const MOUNT = (work: string) => `#!/bin/sh
case "$*" in
*/dev/vdz*) exec ${work}/fake/real-mount -t tmpfs "$@" ;;
*) exec ${work}/fake/real-mount "$@" ;;
esac
`;
