import type { FirmwareKind } from 'micro-linux/vm/firmware';

/** A device that stories begin with. */
export interface Stage {
  readonly firmware: FirmwareKind;
  /** Snapshot in {@link Stage.disk}: the device as it runs, with nobody logged in. */
  readonly snapshot: string;
  /** qcow2; stories take copies. */
  readonly disk: string;
  /** UEFI variables, qcow2; undefined on BIOS. */
  readonly variables: string | undefined;
}

/** What the set-up leaves for all stories; plain data, as vitest hands it to its workers. */
export interface Stages {
  /** For everything that is made on the way; removed at the end of the run. */
  readonly directory: string;
  /** A disk with all updates, the device's second one; mounted on {@link MEDIA}. */
  readonly media: string;
  readonly login: {
    readonly user: string;
    readonly identity: string;
    /** The generated one: what `user` logs in with on the console. */
    readonly password: string;
  };
  readonly devices: Readonly<Partial<Record<FirmwareKind, StagesOfFirmware>>>;
}

/** Both run version 1.0.0 from slot A, confirmed and healthy. */
export interface StagesOfFirmware {
  /** Slot B is empty, as a new device has it. */
  readonly healthy: Stage;
  /** 2.0.0 is in slot B, and is tried at the next boot. */
  readonly armed: Stage;
}

export type StageName = keyof StagesOfFirmware;

/** Where the device finds its updates: a directory that every Debian has, and nothing uses. */
export const MEDIA = '/mnt';

/** The path of an update on the device. */
export function updatePath(name: string): string {
  return `${MEDIA}/${name}.img`;
}
