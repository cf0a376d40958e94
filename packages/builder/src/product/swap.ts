import { MIB } from '@micro-linux/core';
import type { Config } from '../config/config.ts';
import type { ZramSize } from '../config/system.ts';
import type { Contribution } from './contribution.ts';
import { settingsFile } from './settings-file.ts';

/**
 * Compressed swap in memory, by systemd's zram-generator. Not a swap file on the data partition: it would
 * wear flash out, keep the memory of programs over a power cut, and be missing when the partition is full.
 */
export function swap({ swap: { zram } }: Pick<Config, 'swap'>): Contribution {
  return zram === undefined
    ? {}
    : {
        packages: ['systemd-zram-generator'],
        // In place of the package's file, in /etc: one in /usr/lib would be ignored.
        entries: [
          settingsFile('/etc/systemd/zram-generator.conf', [
            '[zram0]',
            `zram-size = ${sizeOf(zram)}`,
          ]),
        ],
        modules: [{ module: 'zram', key: ['swap', 'zram'] }],
        summary: {
          swap: { zram: zram.kind === 'percent' ? `${zram.percent}%` : `${zram.bytes / MIB}M` },
        },
      };
}

/** In MiB: zram-generator.conf(5). */
function sizeOf(zram: ZramSize): string {
  return zram.kind === 'percent' ? `ram * ${zram.percent} / 100` : String(zram.bytes / MIB);
}
