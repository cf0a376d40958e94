import type { InstallManifest, InstallSeed } from '@micro-linux/provision';
import type { Disk } from '../disks/disk.ts';

/** What decides an installation. */
export interface InstallFacts {
  readonly manifest: InstallManifest;
  /** Of the slot image, in bytes. */
  readonly imageBytes: number;
  readonly disk: Disk;
  /** By which the machine was started. */
  readonly firmware: 'bios' | 'uefi';
  readonly seed: InstallSeed;
  /** Whether late-commands are run. */
  readonly commands: boolean;
}

/** What decides a rescue. */
export interface RescueFacts
  extends Pick<InstallFacts, 'manifest' | 'imageBytes' | 'disk' | 'firmware'> {
  /** Whether slot A is written anew, too. */
  readonly slot: boolean;
}
