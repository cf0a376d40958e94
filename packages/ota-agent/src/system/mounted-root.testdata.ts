import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SystemPaths } from './system.ts';

/**
 * Kernel files that show these partitions as mounted: `{ '/': 'vda2' }`. The name of their disk is
 * theirs without the number.
 */
export function sayMounted(
  { mounts, sysDevBlock }: Pick<SystemPaths, 'mounts' | 'sysDevBlock'>,
  points: Readonly<Record<string, string>>,
): void {
  rmSync(sysDevBlock, { recursive: true, force: true });
  mkdirSync(sysDevBlock, { recursive: true });
  const lines = Object.entries(points).map(([point, partition], index) => {
    const [, disk = '', number = ''] = /^(.*\D)(\d+)$/.exec(partition) ?? [];
    const directory = join(sysDevBlock, 'devices', disk.replace(/(?<=\d)p$/, ''), partition);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'partition'), `${number}\n`);
    symlinkSync(directory, join(sysDevBlock, `254:${index}`));
    return `${30 + index} 1 254:${index} / ${point} ro,relatime shared:1 - ext4 /dev/${partition} ro\n`;
  });
  writeFileSync(mounts, lines.join(''));
}
