import { MicroLinuxError, partitionSpec } from '@micro-linux/core';
import { mountedPartition } from './mounted-partition.ts';
import type { SystemPaths } from './system.ts';

/**
 * Makes sure that the ESP is mounted. Otherwise a command would mistake an empty directory for an
 * ESP whose blocks are lost; and in the sandbox of a service, where that directory is a separate
 * mount, `mount -o remount,rw` would make the root writable.
 *
 * @throws MicroLinuxError `esp-not-mounted`.
 */
export function requireEsp(paths: Pick<SystemPaths, 'esp' | 'mounts' | 'sysDevBlock'>): void {
  const mounted = mountedPartition(paths, paths.esp);
  if (mounted?.number !== partitionSpec('ESP').number) {
    throw new MicroLinuxError({
      code: 'esp-not-mounted',
      message: `the EFI system partition is not mounted at ${paths.esp}`,
      why: mounted === undefined ? 'no partition is' : `${mounted.device} is`,
      hint: 'systemctl status boot-efi.mount; dmesg',
    });
  }
}
