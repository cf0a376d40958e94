import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BlockDevice, type LayerKind, MULTIPATH } from './block-device.ts';

/** Prefixes of the device mapper's UUIDs, by the program that makes them. */
const MAKERS: Readonly<Record<string, string>> = {
  LVM: 'LVM',
  CRYPT: 'encryption',
  mpath: MULTIPATH,
};

/**
 * All block devices and their layers, as the kernel reports them now.
 *
 * @param sysBlock where it reports them: /sys/class/block.
 */
export function readBlockDevices(sysBlock: string): readonly BlockDevice[] {
  return namesIn(sysBlock).map((name) => {
    const directory = join(sysBlock, name);
    const layer = layerOf(name, directory);
    return {
      name,
      // The entries are links into the device tree, where a partition is below its disk.
      partitionOf: existsSync(join(directory, 'partition'))
        ? basename(dirname(realpathSync(directory)))
        : undefined,
      on: namesIn(join(directory, 'slaves')),
      layer,
      // A bcache device also has the `bcache` folder of its backing device.
      ofBcache: layer.kind !== 'bcache' && existsSync(join(directory, 'bcache')),
    };
  });
}

function layerOf(name: string, directory: string): LayerKind {
  const dm = textOf(join(directory, 'dm', 'name'));
  if (dm !== undefined) {
    const maker = textOf(join(directory, 'dm', 'uuid'))?.split('-')[0] ?? '';
    // A partition of a multipath device: part1-mpath-….
    return { kind: 'dm', name: dm, what: MAKERS[maker] ?? 'device mapper' };
  }
  if (existsSync(join(directory, 'md'))) {
    return { kind: 'md' };
  }
  return /^bcache\d+$/.test(name) ? { kind: 'bcache' } : { kind: 'other' };
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // It has disappeared, or was never a block device.
    return undefined;
  }
}
