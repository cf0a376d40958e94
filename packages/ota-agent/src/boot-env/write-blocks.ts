import {
  type BootEnv,
  BootVariable,
  bootEnvVariables,
  confirmedMarker,
  EspPath,
  isBootMark,
  MicroLinuxError,
  type Slot,
} from '@micro-linux/core';
import type { System } from '../system/system.ts';
import { type BlockReading, type EnvStore, type EnvWrites, envStore } from './env-store.ts';
import { uncachedFileOps } from './uncached-file-ops.ts';

/** New values for GRUB's three blocks. A block that is left out does not change. */
export interface WantedBlocks {
  readonly env?: BootEnv;
  readonly copy?: BootEnv;
  readonly marker?: Slot;
}

/** A block that was written. */
export interface WrittenBlock {
  /** Its path on the ESP. */
  readonly path: string;
  /** Whether it was damaged or missing before. */
  readonly damaged: boolean;
}

/**
 * Writes GRUB's blocks, always in the same order: the block that GRUB reads first, then its copy,
 * then the marker. Each is one write of one sector, so a power cut leaves every block either old or
 * new. A block that already has the new values is not written again; the ESP is made writable only
 * if there is something to write.
 *
 * @returns what was written, in that order.
 * @throws MicroLinuxError `env-unreadable`, `esp-unwritable`, `env-write-failed`.
 */
export async function writeBlocks(
  system: System,
  writes: EnvWrites,
  wanted: WantedBlocks,
): Promise<readonly WrittenBlock[]> {
  const store = envStore(system.paths.esp);
  const stale = blocksOf(wanted, writes).flatMap((block) => {
    const now = block.read(store);
    return blockHolds(now.variables, block.variables) ? [] : [{ ...block, now }];
  });
  if (stale.length > 0) {
    await system.withWritableEsp(() => {
      for (const { write } of stale) {
        write();
      }
    });
  }
  return stale.map(({ path, now }) => ({ path, damaged: now.value === undefined }));
}

/**
 * Checks that the disk itself holds the blocks, not only the page cache.
 *
 * @throws MicroLinuxError `env-write-failed`, `env-unreadable`.
 */
export function requireOnDisk(system: System, wanted: WantedBlocks): void {
  const onDisk = envStore(system.paths.esp, uncachedFileOps);
  for (const { path, read, variables } of blocksOf(wanted, onDisk)) {
    if (!blockHolds(read(onDisk).variables, variables)) {
      throw new MicroLinuxError({
        code: 'env-write-failed',
        message: `${path} does not contain what was written to it`,
        why: 'it was read again and differs',
        hint: 'the disk may be failing: dmesg; ota-agent mark-boot rewrites damaged blocks',
      });
    }
  }
}

interface Block {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly read: (from: EnvStore) => BlockReading<unknown>;
  readonly write: () => void;
}

function blocksOf({ env, copy, marker }: WantedBlocks, writes: EnvWrites): readonly Block[] {
  const blocks: (Block | undefined)[] = [
    env && {
      path: EspPath.env,
      variables: bootEnvVariables(env),
      read: (from) => from.readEnv(),
      write: () => writes.writeEnv(env),
    },
    copy && {
      path: EspPath.envCopy,
      variables: bootEnvVariables(copy),
      read: (from) => from.readCopy(),
      write: () => writes.writeCopy(copy),
    },
    marker && {
      path: EspPath.confirmed,
      variables: confirmedMarker(marker),
      read: (from) => from.readMarker(),
      write: () => writes.writeMarker(marker),
    },
  ];
  return blocks.filter((block) => block !== undefined);
}

/** Whether a block of GRUB's environment has exactly these variables, with any valid mark. */
function blockHolds(
  variables: ReadonlyMap<string, string> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted);
  return (
    variables?.size === entries.length &&
    entries.every(([name, value]) => {
      const now = variables.get(name);
      return name === BootVariable.bootMark ? isBootMark(now) : now === value;
    })
  );
}
