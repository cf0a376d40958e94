import { INSTALL_TARGET as TARGET } from '@micro-linux/provision';
import type { System } from '../../system/system.ts';
import { andThen } from '../write/and-then.ts';

const CHROOT = '/usr/sbin/chroot';
const MOUNT = '/usr/bin/mount';
const UMOUNT = '/usr/bin/umount';
const PREPARE_STATE = '/usr/lib/micro-linux/prepare-state';

/** Limit for a check of a new file system and the first copy of /var. */
const PREPARE_TIMEOUT_MS = 600_000;
const MOUNT_TIMEOUT_MS = 120_000;

/** Partitions of an installed disk. */
export interface Installed {
  readonly slotA: string;
  readonly data: string;
  readonly esp: string;
}

/**
 * Mounts the installed system at /target as it will look after boot: the slot read-only, /etc, /var
 * and /home on the data partition. Changes there persist; everything is unmounted again.
 */
export async function withTarget<T>(
  system: System,
  { slotA, data, esp }: Installed,
  action: () => Promise<T>,
): Promise<T> {
  const mount = (args: readonly string[]) =>
    system.run(MOUNT, args, { timeoutMs: MOUNT_TIMEOUT_MS });
  await mount(['-t', 'ext4', '-o', 'ro', slotA, TARGET]);
  return andThen(
    async () => {
      for (const name of ['dev', 'proc', 'sys']) {
        await mount(['--bind', `/${name}`, `${TARGET}/${name}`]);
      }
      // Not the installer's /run: files written there are for the installed system.
      await mount(['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', `${TARGET}/run`]);
      await system.run(CHROOT, [TARGET, PREPARE_STATE, data, esp], {
        timeoutMs: PREPARE_TIMEOUT_MS,
      });
      await mount(['-t', 'vfat', '-o', 'ro', esp, `${TARGET}/boot/efi`]);
      return action();
    },
    () => system.run(UMOUNT, ['--recursive', TARGET], { timeoutMs: PREPARE_TIMEOUT_MS }),
  );
}
