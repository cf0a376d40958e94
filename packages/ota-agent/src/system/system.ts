import type { GroupRunner, Runner, Slot } from '@micro-linux/core';
import type { Connection } from './connect.ts';

/** Paths on the device; tests use their own directories. */
export interface SystemPaths {
  /** Mount point of the ESP. */
  readonly esp: string;
  /** The initramfs's note of what was booted. */
  readonly bootInfo: string;
  /** The initramfs's note of problems with the data partition, one per line. */
  readonly dataNotes: string;
  /** The kernel's command line. */
  readonly cmdline: string;
  /** Description of the running slot's image. */
  readonly imageInfo: string;
  /** State of the agent, on the data partition; only root can read it. */
  readonly state: string;
  /** State until the next boot: the lock. */
  readonly run: string;
  /** Directories of settings, highest precedence first: the administrator's. */
  readonly config: readonly string[];
  /** The mount table of this process. */
  readonly mounts: string;
  /** The kernel's list of swap space. */
  readonly swaps: string;
  /** Where the kernel describes block devices, by name. */
  readonly sysBlock: string;
  /** A folder for each imported pool of ZFS; only there if the kernel has ZFS loaded. */
  readonly zfsPools: string;
  /** Block devices by number, `major:minor`. */
  readonly sysDevBlock: string;
  /** Exists if the machine was started by UEFI. */
  readonly efi: string;
  /** The kernel's name for this boot. */
  readonly bootId: string;
  /** The kernel's routes, IPv4 and IPv6. */
  readonly routes: readonly [string, string];
  /** Logs of a crashed kernel. */
  readonly pstore: readonly string[];
  /** The kernel's watchdog devices. */
  readonly watchdogs: string;
  /** The boot programs in the running image. */
  readonly bootloader: string;
  /** The firmware's variables. */
  readonly efivars: string;
  /** The changes in /etc on this device. */
  readonly etcChanges: string;
  /** The running slot's own /etc, without those changes. */
  readonly etcOfImage: string;
}

/** The edges of the agent: files at known places, programs, the clock, and what only root can do. */
export interface System {
  readonly paths: SystemPaths;
  /** Runs a program of the device, which is named by its absolute path. */
  readonly run: Runner;
  /** Runs a program that may leave child processes; ends its whole group. */
  readonly runGroup: GroupRunner;
  now(): Date;
  /** Seconds since the kernel started. */
  uptime(): number;
  /** Lets time pass, in milliseconds. */
  pause(milliseconds: number): Promise<void>;
  /** Connects to a port of this or another machine, and reads its greeting. */
  connect(host: string, port: number): Promise<Connection>;
  /** Whether this process runs as root. */
  isRoot(): boolean;
  /**
   * The block device that holds a slot, on the disk that was booted.
   *
   * @throws MicroLinuxError `slot-device-unknown`.
   */
  slotDevice(slot: Slot): string;
  /**
   * The block device of the ESP, on the disk that was booted.
   *
   * @throws MicroLinuxError `slot-device-unknown`.
   */
  espDevice(): string;
  /**
   * Runs `action` while the ESP is writable, and always makes it read-only again.
   *
   * @throws MicroLinuxError `esp-not-mounted` or `esp-unwritable` before `action` is called; else
   * what `action` throws.
   */
  withWritableEsp<T>(action: () => T): Promise<T>;
  /** Requests a restart from systemd; returns before the machine is down. */
  reboot(): Promise<void>;
}
