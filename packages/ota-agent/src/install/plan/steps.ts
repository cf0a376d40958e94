import type { InstallCommand } from '@micro-linux/provision';
import type { TakeDownStep } from '../layers/plan-take-down.ts';

/** The ESP's image on a medium, for sectors of 512 and of 4096 bytes. */
export type EspImage = 'esp' | 'esp4k';

/** A part of a disk, in bytes from its start. */
export interface ByteRange {
  readonly offset: number;
  readonly bytes: number;
}

/** One change that an installation makes, in the order of a plan. */
export type InstallStep =
  /** Takes down the layers on the disk: LVM, RAID, encryption of an earlier system. */
  | { readonly kind: 'take-down'; readonly disk: string; readonly steps: readonly TakeDownStep[] }
  /**
   * Clears everything that firmware and GRUB read; the remaining boot code makes a BIOS try the
   * next device.
   */
  | {
      readonly kind: 'unbootable';
      readonly disk: string;
      /** The ranges to overwrite with zeros. */
      readonly ranges: readonly ByteRange[];
      /** The part of them that firmware starts: overwritten once more if a later step fails. */
      readonly bootRanges: readonly ByteRange[];
    }
  /** The partition table; with `keep` its partitions stay where they are, and so does their content. */
  | {
      readonly kind: 'table';
      readonly disk: string;
      readonly script: string;
      readonly keep: boolean;
      /** Devices that must exist afterwards. */
      readonly partitions: readonly string[];
    }
  | { readonly kind: 'write-slot'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'blank-slot'; readonly path: string }
  | { readonly kind: 'format-data'; readonly path: string }
  /** The identity of the machine, and the agent's records of its slots. */
  | { readonly kind: 'fill-data'; readonly path: string; readonly slotA: string }
  /** Of kept data, only the agent’s records of the slots are rewritten. */
  | { readonly kind: 'renew-data'; readonly path: string; readonly slotsEmpty: readonly 'B'[] }
  | {
      readonly kind: 'write-esp';
      readonly path: string;
      readonly bytes: number;
      /** Which image of the medium: the one for this disk's sector size. */
      readonly image: EspImage;
    }
  | { readonly kind: 'write-core'; readonly path: string }
  | {
      readonly kind: 'write-boot-code';
      readonly disk: string;
      /** Devices that must exist afterwards. */
      readonly partitions: readonly string[];
    }
  /** Adds a boot entry to UEFI firmware; the step cannot fail. */
  | {
      readonly kind: 'boot-entry';
      readonly disk: string;
      readonly esp: string;
      /** Number of the ESP. */
      readonly partition: number;
      /** GUIDs of the partitions that the disk had before. */
      readonly gone: readonly string[];
      readonly label: string;
    }
  | {
      readonly kind: 'late-commands';
      readonly commands: readonly InstallCommand[];
      readonly slotA: string;
      readonly data: string;
      readonly esp: string;
    }
  | { readonly kind: 'keep-log'; readonly data: string };

export type InstallStepKind = InstallStep['kind'];

/** A step in words, for people. */
export function describeInstallStep(step: InstallStep): string {
  switch (step.kind) {
    case 'take-down':
      return `take down what is on ${step.disk}: ${step.steps.map(({ device }) => device).join(', ')}`;
    case 'unbootable':
      return `make ${step.disk} unbootable until everything is written`;
    case 'table':
      return step.keep
        ? `give the partitions of ${step.disk} the names that GRUB looks for`
        : `partition ${step.disk}`;
    case 'write-slot':
      return `write ${mebibytes(step.bytes)} to ${step.path} (slot A) and read them back`;
    case 'blank-slot':
      return `empty ${step.path} (slot B)`;
    case 'format-data':
      return `make the file system of the data partition ${step.path}`;
    case 'fill-data':
      return `write user, keys, network and host name to ${step.path}`;
    case 'renew-data':
      return `record on ${step.path} what the slots contain; everything else on it stays`;
    case 'write-esp':
      return `write ${mebibytes(step.bytes)} to ${step.path} (ESP) and read them back`;
    case 'write-core':
      return `write GRUB for BIOS to ${step.path}`;
    case 'write-boot-code':
      return `write the boot code of ${step.disk}: from now on it boots`;
    case 'boot-entry':
      return `have the firmware start ${step.disk} first`;
    case 'late-commands':
      return `run ${step.commands.length} late-commands with the new system at /target`;
    case 'keep-log':
      return `save the log on ${step.data}`;
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
