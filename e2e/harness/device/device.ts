import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, type Slot, slotPartition, start } from '@micro-linux/core';
import type { Firmware } from 'micro-linux/vm/firmware';
import { findUefiFiles } from 'micro-linux/vm/firmware';
import { type Machine, startMachine } from 'micro-linux/vm/machine';
import { timeOf } from 'micro-linux/vm/own-time';
import { PATIENCE } from 'micro-linux/vm/patience';
import type { QemuDisk } from 'micro-linux/vm/qemu-arguments';
import { createSsh, type RemoteOptions, type Ssh } from 'micro-linux/vm/ssh';
import { copySparse } from './copy-sparse.ts';
import { editPartition } from './edit-partition.ts';
import { type DiskFault, failingDisk } from './failing-disk.ts';
import type { Stage, Stages } from './stage.ts';
import { UP } from './up.ts';

/** What ends the wait for a console: silence, by the machine's own time. A panic is what many stories wait for. */
const PATIENT = { timeoutMs: PATIENCE.far, silentMs: PATIENCE.silent, failures: [] } as const;

/** GRUB says on the console what it chose and why. */
const CHOICE = /micro-linux: slot ([AB]) \(([\w-]+)\)/;

/** What GRUB chose, e.g. `A confirmed`. */
export type Choice =
  `${Slot} ${'confirmed' | 'trial' | 'fallback' | 'alone' | 'new-round' | 'marker' | 'manual' | 'unknown'}`;

export interface DeviceOptions {
  readonly stages: Stages;
  /** Names the console log. */
  readonly name: string;
  /** Where the console log goes, to be read after a failure. */
  readonly logDirectory: string;
}

interface Parts extends DeviceOptions {
  readonly firmware: Firmware;
  /** qcow2; the device's own. */
  readonly disk: string;
  readonly snapshot?: string;
  /** Of a sector of the disk; 512 by default. */
  readonly logicalBlockBytes?: 4096;
  /** More arguments of QEMU. */
  readonly extra?: readonly string[];
  /** TCP ports that can be reached from outside, beside that of ssh: {@link Device.port}. */
  readonly ports?: readonly number[];
  /** Ids of network cards whose cable is out from the start. */
  readonly unplugged?: readonly string[];
}

/** How a command in the device ended. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ANY_STATUS = Array.from({ length: 256 }, (_, status) => status);
/** All but 255: with that one ssh itself has failed. */
const STATUS_OF_COMMAND = ANY_STATUS.slice(0, 255);

/**
 * A device on the bench. Its disk is its own and stays when the power goes; so do the firmware's
 * variables.
 */
export class Device {
  /** All that its serial port said, over all boots. */
  readonly consoleLog: string;
  readonly disk: string;
  /** Private, for sockets and the like; goes with the device. */
  readonly directory: string;
  readonly #parts: Parts;
  #drive: Pick<QemuDisk, 'path' | 'format'>;
  #machine: Machine | undefined;
  #ssh: Ssh | undefined;

  private constructor(parts: Parts, directory: string) {
    this.#parts = parts;
    this.directory = directory;
    this.disk = parts.disk;
    this.#drive = { path: parts.disk, format: 'qcow2' };
    this.consoleLog = join(parts.logDirectory, `${parts.name}.log`);
  }

  /** A copy of a stage's device; off. */
  static async of(stage: Stage, options: DeviceOptions): Promise<Device> {
    const directory = await mkdtemp(join(options.stages.directory, 'd-'));
    const disk = join(directory, 'disk.qcow2');
    await copySparse(stage.disk, disk);
    const firmware = await firmwareOf(stage, directory);
    return Device.#in(directory, { ...options, firmware, disk, snapshot: stage.snapshot });
  }

  /** A device on a disk that is there already, and stays; off. */
  static async on(parts: Parts): Promise<Device> {
    return Device.#in(await mkdtemp(join(parts.stages.directory, 'd-')), parts);
  }

  static async #in(directory: string, parts: Parts): Promise<Device> {
    const device = new Device(parts, directory);
    await mkdir(parts.logDirectory, { recursive: true });
    await rm(device.consoleLog, { force: true });
    return device;
  }

  /** The machine while it runs. */
  get machine(): Machine {
    if (!this.#machine) {
      throw new Error(`device ${this.#parts.name} is off`);
    }
    return this.#machine;
  }

  /** Continues from the stage's snapshot: seconds instead of a boot. Must be the first call. */
  async wake(): Promise<void> {
    await this.#start(this.#parts.snapshot);
    await this.#connect();
  }

  /** Switches the power on; the boot is then watched by {@link Device.chooses} and `comesUp`. */
  async powerOn(): Promise<void> {
    await this.#start(undefined);
  }

  /** Restarts it by its own means; the boot is then watched by {@link Device.chooses}. */
  async reboot(): Promise<void> {
    await this.root('systemctl reboot');
    await this.hangUp();
  }

  /** The disk keeps what it took until now, and nothing more. */
  async cutPower(): Promise<void> {
    await this.machine.cutPower();
    await this.hangUp();
    this.#machine = undefined;
  }

  /** Shuts down in an orderly way. */
  async powerOff(): Promise<void> {
    const { exited } = this.machine;
    await this.root('systemctl poweroff');
    await this.hangUp();
    await exited;
    this.#machine = undefined;
  }

  /** Gives away what it keeps while it is off: PATH.qcow2, and PATH.variables for UEFI. */
  async moveTo(path: string): Promise<{ disk: string; variables: string | undefined }> {
    const { firmware } = this.#parts;
    const disk = `${path}.qcow2`;
    const variables = firmware.kind === 'bios' ? undefined : `${path}.variables`;
    await rename(this.disk, disk);
    if (firmware.kind !== 'bios' && variables !== undefined) {
      await rename(firmware.variables, variables);
    }
    return { disk, variables };
  }

  /** Changes a slot while the device is off, as a bad disk would: by commands of debugfs. */
  async editSlot(slot: Slot, commands: readonly string[]): Promise<void> {
    await editPartition(this.disk, slotPartition(slot).name, commands);
  }

  /** While it is off: from the next start on, its disk gives errors at these places, and no others. */
  async failsAt(faults: readonly DiskFault[]): Promise<void> {
    this.#drive = await failingDisk(this.disk, faults);
  }

  /** Ends it and removes what it was, but for the console log. */
  async dispose(): Promise<void> {
    await this.#machine?.kill();
    await this.hangUp();
    this.#machine = undefined;
    await rm(this.directory, { recursive: true, force: true });
  }

  /** The port of 127.0.0.1 that leads to one of its `ports`, while it runs. */
  port(guestPort: number): Promise<number> {
    return this.machine.forwardedPort(guestPort);
  }

  /** Waits for something on the console; a panic is what many stories wait for, so nothing fails. */
  async sees(pattern: RegExp | string): Promise<string> {
    const { line } = await this.machine.waitFor(pattern, PATIENT);
    return line;
  }

  /** What GRUB chooses next. */
  async choice(): Promise<Choice> {
    const { match } = await this.machine.waitFor(CHOICE, PATIENT);
    return `${match[1]} ${match[2]}` as Choice;
  }

  /** Waits for GRUB's next choices, which must be these. */
  async chooses(...expected: readonly Choice[]): Promise<void> {
    await this.hangUp();
    for (const choice of expected) {
      const chosen = await this.choice();
      if (chosen !== choice) {
        throw new Error(`GRUB chose ${chosen}, not ${choice}; console: ${this.consoleLog}`);
      }
    }
  }

  /** Waits until one can log in to the system that boots; it may have more to start. */
  async answers(): Promise<void> {
    await this.machine.waitFor(UP, PATIENT);
    await this.#connect();
  }

  /** Waits until the system that boots is up, logged in to, and has nothing left to start. */
  async comesUp(): Promise<void> {
    await this.answers();
    await this.shell('systemctl is-system-running --wait');
  }

  /** A shell command line as root; any status is an answer. */
  async root(command: string, options: Omit<RemoteOptions, 'input'> = {}): Promise<Answer> {
    return this.#connected().runAsRoot(command, {
      timeoutMs: PATIENCE.far,
      okExitCodes: ANY_STATUS,
      ...options,
    });
  }

  /** A shell command line as the user; any status is an answer. */
  async shell(command: string, options: RemoteOptions = {}): Promise<Answer> {
    return this.#connected().run(command, {
      timeoutMs: PATIENCE.far,
      okExitCodes: ANY_STATUS,
      ...options,
    });
  }

  /** Runs a shell command line as the user again and again, until it succeeds. */
  async until(command: string): Promise<void> {
    let exitCode: number;
    do {
      const remote = { timeoutMs: PATIENCE.far, okExitCodes: STATUS_OF_COMMAND };
      ({ exitCode } = await this.#connected().run(`sleep 2; ${command}`, remote));
    } while (exitCode !== 0);
  }

  /** Logs out. */
  async hangUp(): Promise<void> {
    await this.#ssh?.hangUp();
    this.#ssh = undefined;
  }

  #connected(): Ssh {
    if (!this.#ssh) {
      throw new Error(`nobody is logged in to ${this.#parts.name}`);
    }
    return this.#ssh;
  }

  async #start(snapshot: string | undefined): Promise<void> {
    const { logicalBlockBytes, extra, ports = [], unplugged = [] } = this.#parts;
    const [device, media] = disks(this.disk, this.#parts.stages.media);
    const first = { ...device, ...this.#drive };
    this.#machine = await startMachine({
      directory: this.directory,
      firmware: this.#parts.firmware,
      ...MACHINE,
      network: {
        forwards: [
          ...MACHINE.network.forwards,
          ...ports.map((guestPort) => ({ hostPort: 0, guestPort })),
        ],
      },
      disks: [logicalBlockBytes === undefined ? first : { ...first, logicalBlockBytes }, media],
      serial: { logFile: this.consoleLog },
      snapshot,
      extra,
    });
    for (const name of unplugged) {
      await this.machine.qmp.execute('set_link', { name, up: false });
    }
  }

  async #connect(): Promise<void> {
    this.#ssh = await createSsh({
      port: await this.machine.forwardedPort(22),
      login: this.#parts.stages.login,
      directory: this.directory,
      run,
      start,
      startTimer: timeOf(this.machine.pid),
    });
    await this.#ssh.ready({ timeoutMs: PATIENCE.sshd });
    await this.#ssh.stayConnected({ timeoutMs: PATIENCE.sshd });
  }
}

/** What all devices on the bench have in common: a snapshot fits only into the same machine. */
export const MACHINE = {
  accelerator: 'tcg',
  memoryMib: 1024,
  cpus: 1,
  network: { forwards: [{ hostPort: 0, guestPort: 22 }] },
  watchdog: true,
  noReboot: false,
  display: 'none',
} as const;

/** The device's disks: its own, and the read-only one with the updates. */
export function disks(disk: string, media: string) {
  return [
    { path: disk, format: 'qcow2', bus: 'virtio', bootIndex: 0 },
    { path: media, format: 'raw', bus: 'virtio', readOnly: true },
  ] as const;
}

async function firmwareOf(stage: Stage, directory: string): Promise<Firmware> {
  if (stage.firmware === 'bios' || stage.variables === undefined) {
    return { kind: 'bios' };
  }
  const variables = join(directory, 'variables.qcow2');
  await copySparse(stage.variables, variables);
  const { code } = await findUefiFiles(stage.firmware);
  return { kind: stage.firmware, code, variables, variablesFormat: 'qcow2' };
}
