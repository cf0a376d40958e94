import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DATA_FEATURES,
  DATA_ON_ERROR,
  DATA_ROOT_PERCENT,
  dataTree,
  FileSystemLabel,
  type Identity,
  readAccounts,
  STATE_DIRECTORY,
} from '@micro-linux/provision';
import type { UpdateHead } from '@micro-linux/update-image';
import { withMountedSlot } from '../../raw-device/mounted-slot.ts';
import { removeApplyJournal } from '../../state/apply-journal.ts';
import { raiseRollbackIndex, readRollbackIndex } from '../../state/rollback-index.ts';
import { removeSlotHead, writeSlotHead } from '../../state/slot-heads.ts';
import { removeTrial } from '../../state/trial.ts';
import { readTrustFloor, type TrustFloor } from '../../state/trust-floor.ts';
import type { System } from '../../system/system.ts';
import { andThen } from './and-then.ts';
import { writeTree } from './write-tree.ts';

const MKE2FS = '/usr/sbin/mke2fs';
const MOUNT = '/usr/bin/mount';
const UMOUNT = '/usr/bin/umount';
const E2FSCK = '/usr/sbin/e2fsck';

/** A slow disk of some TB takes minutes for its inode tables. */
const FORMAT_TIMEOUT_MS = 900_000;
const MOUNT_TIMEOUT_MS = 120_000;

/** Makes an empty file system that fills the partition, so that grow-data has nothing to do. */
export async function formatData(system: System, path: string): Promise<void> {
  await system.run(
    MKE2FS,
    [
      ...['-q', '-F', '-t', 'ext4', '-b', '4096'],
      ...['-m', String(DATA_ROOT_PERCENT), '-e', DATA_ON_ERROR],
      ...['-L', FileSystemLabel.data, '-O', DATA_FEATURES, path],
    ],
    { timeoutMs: FORMAT_TIMEOUT_MS },
  );
}

export interface FillDataOptions {
  /** The data partition. */
  readonly path: string;
  /** Slot A, whose system accounts are the base of the new accounts. */
  readonly slotA: string;
  readonly identity: Identity;
  readonly head: UpdateHead;
}

/** The initial contents of the data partition, as on a built disk. */
export async function fillData(system: System, options: FillDataOptions): Promise<void> {
  const accounts = await withMountedSlot(
    { path: options.slotA, directory: system.paths.run, run: system.run },
    readAccounts,
  );
  await withMountedData(system, options.path, 'rw', async (root) => {
    await writeTree(root, [
      ...dataTree(options.identity, accounts),
      { kind: 'directory', path: '/var/lib' },
      { kind: 'directory', path: STATE_DIRECTORY, mode: 0o700 },
    ]);
    noteSlots(join(root, STATE_DIRECTORY), options.head, []);
  });
}

/**
 * Rewrites the agent's records of slots that were rewritten; the rest of the partition does not
 * change.
 *
 * @param empty slots that are empty now.
 */
export async function renewData(
  system: System,
  path: string,
  head: UpdateHead,
  empty: readonly 'B'[],
): Promise<void> {
  await withMountedData(system, path, 'rw', async (root) => {
    noteSlots(join(root, STATE_DIRECTORY), head, empty);
  });
}

/** Limits set on this device by earlier images, from its data partition. */
export interface DeviceFloor {
  /** The highest rollback index that was healthy. */
  readonly rollbackIndex: number;
  readonly trust: TrustFloor;
}

/** Reads it from a disk whose data partition is kept. */
export function readDeviceFloor(system: System, path: string): Promise<DeviceFloor> {
  return withMountedData(system, path, 'ro', async (root) => {
    const state = join(root, STATE_DIRECTORY);
    return { rollbackIndex: readRollbackIndex(state), trust: readTrustFloor(state) };
  });
}

/** Mounts the data partition where only root has access, and unmounts it whatever happens. */
export async function withMountedData<T>(
  system: System,
  path: string,
  mode: 'ro' | 'rw',
  action: (root: string) => Promise<T>,
): Promise<T> {
  const root = join(system.paths.run, 'data');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  if (mode === 'rw') {
    // 1: repaired (e2fsck(8)).
    await system.run(E2FSCK, ['-p', path], {
      timeoutMs: FORMAT_TIMEOUT_MS,
      okExitCodes: [0, 1],
    });
  }
  const options = mode === 'ro' ? 'ro,noload,nosuid,nodev,noexec' : 'rw,nosuid,nodev,noexec';
  await system.run(MOUNT, ['-t', 'ext4', '-o', options, path, root], {
    timeoutMs: MOUNT_TIMEOUT_MS,
  });
  return andThen(
    () => action(root),
    () => system.run(UMOUNT, [root], { timeoutMs: FORMAT_TIMEOUT_MS }),
  );
}

function noteSlots(state: string, head: UpdateHead, empty: readonly 'B'[]): void {
  removeTrial(state);
  removeApplyJournal(state);
  for (const slot of empty) {
    removeSlotHead(state, slot);
  }
  writeSlotHead(state, 'A', head);
  raiseRollbackIndex(state, head.manifest.rollbackIndex);
}
