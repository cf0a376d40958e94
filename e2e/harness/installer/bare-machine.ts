import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GIB, MicroLinuxError, run } from '@micro-linux/core';
import { type FirmwareKind, prepareFirmware } from 'micro-linux/vm/firmware';
import { type Machine, startMachine } from 'micro-linux/vm/machine';
import { PATIENCE } from 'micro-linux/vm/patience';
import type { QemuDisk } from 'micro-linux/vm/qemu-arguments';
import { ROOT } from '../cli/micro-linux.ts';

/** An installation may take as long as it prints something; some stories wait for a failure. */
const PATIENT = { timeoutMs: PATIENCE.far, silentMs: PATIENCE.silent, failures: [] } as const;

/** A blank disk of a machine. */
export interface BlankDisk {
  readonly bytes: number;
  readonly bus?: QemuDisk['bus'];
  readonly serial?: string;
  /** Of a sector; 512 by default. */
  readonly logicalBlockBytes?: 4096;
}

export interface BareMachineOptions {
  /** Names the console log. */
  readonly name: string;
  readonly firmware: FirmwareKind;
  /** In which drive the medium is. */
  readonly drive: 'cdrom' | 'usb';
  readonly iso: string;
  /** Whether the firmware starts the medium before any disk; otherwise it comes after them. */
  readonly mediumFirst?: boolean;
  /** One of 4 GiB on virtio by default. */
  readonly disks?: readonly BlankDisk[];
  /** Below it the machine keeps what is its own. */
  readonly scratch: string;
}

/** A machine with blank disks and an ISO in its drive. Its disks stay when its power goes. */
export class BareMachine {
  readonly consoleLog: string;
  /** qcow2, in the order of the options. */
  readonly disks: readonly string[];
  readonly #options: BareMachineOptions;
  readonly #directory: string;
  #machine: Machine | undefined;
  #iso: string;
  #mediumFirst: boolean;
  #ejected = false;

  private constructor(options: BareMachineOptions, directory: string, disks: readonly string[]) {
    this.#options = options;
    this.#directory = directory;
    this.#iso = options.iso;
    this.#mediumFirst = options.mediumFirst === true;
    this.disks = disks;
    this.consoleLog = join(ROOT, 'artifacts/logs', `install-${options.name}.log`);
  }

  static async of(options: BareMachineOptions): Promise<BareMachine> {
    const directory = await mkdtemp(join(options.scratch, 'm-'));
    const blank = options.disks ?? [{ bytes: 4 * GIB }];
    const disks = await Promise.all(
      blank.map(async ({ bytes }, index) => {
        const disk = join(directory, `disk-${index}.qcow2`);
        await run('qemu-img', ['create', '-q', '-f', 'qcow2', disk, String(bytes)]);
        return disk;
      }),
    );
    const machine = new BareMachine(options, directory, disks);
    await mkdir(join(ROOT, 'artifacts/logs'), { recursive: true });
    await rm(machine.consoleLog, { force: true });
    return machine;
  }

  get machine(): Machine {
    if (!this.#machine) {
      throw new Error(`machine ${this.#options.name} is off`);
    }
    return this.#machine;
  }

  /** Puts a medium into the drive; the firmware starts it before any disk from now on. */
  insert(iso: string): void {
    this.#iso = iso;
    this.#mediumFirst = true;
    this.#ejected = false;
  }

  /** Takes the medium out of the drive. */
  eject(): void {
    this.#ejected = true;
  }

  /**
   * Switches the power on.
   *
   * @param noReboot whether a restart switches it off.
   */
  async powerOn({ noReboot = true } = {}): Promise<void> {
    const { firmware, drive, disks = [{ bytes: 0 }] } = this.#options;
    this.#machine = await startMachine({
      directory: this.#directory,
      firmware: await prepareFirmware(firmware, this.#directory),
      accelerator: 'tcg',
      memoryMib: 1024,
      cpus: 2,
      disks: [
        ...disks.map(({ bytes: _, bus = 'virtio', ...more }, index): QemuDisk => {
          const path = this.disks[index] ?? '';
          return { path, format: 'qcow2', bus, bootIndex: index + 1, ...more };
        }),
        ...(this.#ejected
          ? []
          : [
              {
                ...({ path: this.#iso, format: 'raw', bus: drive, readOnly: true } as const),
                bootIndex: this.#mediumFirst ? 0 : disks.length + 1,
              },
            ]),
      ],
      network: { forwards: [{ hostPort: 0, guestPort: 22 }] },
      watchdog: true,
      noReboot,
      display: 'none',
      serial: { logFile: this.consoleLog },
    });
  }

  /** Waits for something on the console. */
  async sees(pattern: RegExp | string): Promise<string> {
    const { line } = await this.machine.waitFor(pattern, PATIENT);
    return line;
  }

  /** Boots the ISO without input until the machine restarts; it is off then. */
  async install(): Promise<void> {
    await this.powerOn();
    const { machine } = this;
    const failure = machine.waitFor(FAILED, PATIENT).then(
      ({ line }) => line,
      (error: unknown) => {
        if (error instanceof MicroLinuxError && error.code === 'machine-ended') {
          return undefined;
        }
        throw error;
      },
    );
    const line = await failure;
    if (line !== undefined) {
      throw new Error(`${line}; console: ${this.consoleLog}`);
    }
    this.#machine = undefined;
  }

  /** Boots the ISO; the installation must fail. Resolves to the whole output; the machine is off then. */
  async failsToInstall(): Promise<string> {
    await this.powerOn();
    await this.sees(FAILED);
    const { text } = this.machine.console;
    await this.cutPower();
    return text;
  }

  /** Waits until the guest has written anything to its first disk since the power came. */
  async wrote(): Promise<void> {
    for (let bytes = 0; bytes === 0; ) {
      const all = (await this.machine.qmp.execute('query-blockstats')) as readonly {
        readonly device?: string;
        readonly stats: { readonly wr_bytes: number };
      }[];
      const first = all.find(({ device }) => device === 'disk0');
      if (!first) {
        throw new Error(`QEMU reports no first disk: ${JSON.stringify(all)}`);
      }
      bytes = first.stats.wr_bytes;
    }
  }

  async cutPower(): Promise<void> {
    await this.machine.cutPower();
    this.#machine = undefined;
  }

  /** Ends it and removes all but the console log. */
  async dispose(): Promise<void> {
    await this.#machine?.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Output of live-install. */
const FAILED = /installation FAILED \(status \d+\)/;
