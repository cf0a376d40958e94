import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Runner } from '@micro-linux/core';
import type { DiskDriver } from '../output/disk-formats.ts';
import { makeOwnFolder } from '../system/temporary/own-folder.ts';

/** Directory for the files of running machines: sockets, overlays, firmware variables. */
export interface Workspace {
  /** Absolute, short (it contains unix sockets), mode 0700. */
  readonly directory: string;
  /**
   * Makes a temporary overlay disk over an image, which is not changed. The overlay outlives the
   * machines that use it: a later machine sees what an earlier one wrote.
   *
   * @param bytes Size of the disk the guest sees; the image's size by default.
   * @returns The overlay's path; its format is qcow2.
   */
  overlay(image: OverlayBase): Promise<string>;
}

export interface OverlayBase {
  readonly path: string;
  readonly format: DiskDriver;
  readonly bytes?: number | undefined;
}

export interface WorkspaceOptions {
  readonly run: Runner;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `use` with a new workspace and removes it with its contents, however `use` ends.
 *
 * @throws MicroLinuxError `tool-missing`, `tool-failed` from qemu-img; what `use` throws.
 */
export async function withWorkspace<T>(
  { run, signal }: WorkspaceOptions,
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const directory = await makeOwnFolder(tmpdir(), 'micro-linux-vm-', run);
  let overlays = 0;
  try {
    return await use({
      directory,
      async overlay(image) {
        overlays += 1;
        const path = join(directory, `overlay-${overlays}.qcow2`);
        await run('qemu-img', overlayArguments(image, path), { signal });
        return path;
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The arguments of qemu-img that make `overlay` over an image; pure. */
export function overlayArguments(image: OverlayBase, overlay: string): string[] {
  return [
    ...['create', '-q', '-f', 'qcow2'],
    ...['-b', resolve(image.path), '-F', image.format],
    overlay,
    ...(image.bytes === undefined ? [] : [String(image.bytes)]),
  ];
}
