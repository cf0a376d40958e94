import type { InstallManifest, InstallSeed } from '@micro-linux/provision';
import type { Disk } from '../disks/disk.ts';

/** The facts that decide an installation. */
export interface InstallFacts {
  readonly manifest: InstallManifest;
  /** Of the slot image, in bytes. */
  readonly imageBytes: number;
  readonly disk: Disk;
  /** The firmware that started the machine. */
  readonly firmware: 'bios' | 'uefi';
  readonly seed: InstallSeed;
  /** Whether late-commands are run. */
  readonly commands: boolean;
}

/** The facts that decide a rescue. */
export interface RescueFacts
  extends Pick<InstallFacts, 'manifest' | 'imageBytes' | 'disk' | 'firmware'> {
  /** Whether slot A is rewritten too. */
  readonly slot: boolean;
}
