import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import {
  cancelled,
  commandLine,
  MicroLinuxError,
  type ProgramExit,
  type RunningProgram,
  start,
} from '@micro-linux/core';
import { Console, type ConsoleMatch, type Pattern, type WaitOptions } from './console.ts';
import { type Listener, listenOnce } from './listen-once.ts';
import { type StartTimer, timeOf } from './own-time.ts';
import { QEMU, type QemuOptions, qemuArguments } from './qemu-arguments.ts';
import { QmpClient } from './qmp.ts';

export interface MachineOptions extends Omit<QemuOptions, 'serial' | 'qmpSocket'> {
  /** For the control and serial sockets; must exist, be private and have a short path. */
  readonly directory: string;
  /**
   * A file: all serial output is appended to it unchanged, and goes to {@link Machine.console}.
   * `terminal`: the serial port is the user's terminal, a copy goes to a file in `directory`, and
   * {@link Machine.console} gets nothing.
   */
  readonly serial: { readonly logFile: string } | 'terminal';
  /** Aborting kills the machine. */
  readonly signal?: AbortSignal | undefined;
}

/** A running machine. The caller must `kill` it or await `exited`. */
export interface Machine {
  /** The command that runs it, to paste. */
  readonly command: string;
  /** Of QEMU. */
  readonly pid: number;
  readonly console: Console;
  /** Path of the log of the serial port. */
  readonly logFile: string;
  readonly qmp: QmpClient;
  /** Resolves when QEMU has ended and the console log is written; never rejects. */
  readonly exited: Promise<ProgramExit>;
  /** Waits for console output; see {@link Console.waitFor}. */
  waitFor(wanted: Pattern | readonly Pattern[], options: WaitOptions): Promise<ConsoleMatch>;
  /** Types on the serial port, e.g. `"root\n"`. */
  send(text: string): void;
  /** The port on 127.0.0.1 that reaches a forwarded port of the guest. */
  forwardedPort(guestPort: number): Promise<number>;
  /** Presses the power button and waits until the guest has shut down, by the machine's own time. */
  powerDown(options: { readonly timeoutMs: number }): Promise<void>;
  /** Presses the reset button; the guest cannot prevent it. */
  reset(): Promise<void>;
  /** Cuts the power: the guest writes nothing more; completed writes are kept. */
  cutPower(): Promise<void>;
  /** Kills QEMU; resolves when it has ended. */
  kill(): Promise<void>;
}

/**
 * Starts a machine; resolves as its processor starts to run. It ends with this process.
 *
 * @throws MicroLinuxError `tool-missing`, `machine-not-started` (with QEMU's message), `cancelled`.
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { directory, signal } = options;
  // Machines may share a directory.
  const id = randomBytes(4).toString('hex');
  const listeners: Listener[] = [];
  const listen = async (name: string): Promise<Listener> => {
    const listener = await listenOnce(join(directory, `${name}-${id}.sock`));
    listeners.push(listener);
    return listener;
  };
  let qemu: RunningProgram | undefined;
  try {
    const control = await listen('qmp');
    const serial = options.serial === 'terminal' ? undefined : await listen('serial');
    const logFile =
      options.serial === 'terminal' ? join(directory, `serial-${id}.log`) : options.serial.logFile;
    const args = qemuArguments({
      ...options,
      qmpSocket: control.path,
      serial: serial ? { kind: 'socket', path: serial.path } : { kind: 'terminal', logFile },
    });
    const command = commandLine(QEMU, args);
    const program = await start(QEMU, args, { terminal: serial ? 'none' : 'inherit', signal });
    qemu = program;
    const ended = program.exited.then((exit) => {
      throw notStarted(exit, command, signal);
    });
    ended.catch(() => {});
    const log = serial && createWriteStream(logFile, { flags: 'a' });
    const logWritten = log && written(log);
    const console = new Console(serial && logFile, timeOf(program.pid));
    const port = serial && (await Promise.race([serial.connection, ended]));
    port?.on('data', (bytes: Buffer) => {
      log?.write(bytes);
      console.push(bytes);
    });
    port?.on('error', () => {});
    const qmp = await Promise.race([
      control.connection.then((socket) => QmpClient.connect(socket)).catch(orEnded(ended)),
      ended,
    ]);
    return handle({ program, command, console, logFile, qmp, port, log, logWritten, signal });
  } catch (error) {
    await qemu?.kill();
    throw error;
  } finally {
    for (const listener of listeners) {
      listener.close();
    }
  }
}

/**
 * Starts a machine, calls `use` with it, and ends it if it still runs, however `use` ends.
 *
 * @throws MicroLinuxError as {@link startMachine}; what `use` throws.
 */
export async function withMachine<T>(
  options: MachineOptions,
  use: (machine: Machine) => Promise<T>,
): Promise<T> {
  const machine = await startMachine(options);
  try {
    return await use(machine);
  } finally {
    await machine.kill();
  }
}

interface Parts {
  readonly program: RunningProgram;
  readonly command: string;
  readonly console: Console;
  readonly logFile: string;
  readonly qmp: QmpClient;
  readonly port: Socket | undefined;
  readonly log: WriteStream | undefined;
  readonly logWritten: Promise<void> | undefined;
  readonly signal: AbortSignal | undefined;
}

function handle(parts: Parts): Machine {
  const { program, command, console, logFile, qmp, port, signal } = parts;
  const exited = program.exited.then(async (exit) => {
    // The socket may still contain the guest's last output.
    if (port && !port.closed) {
      await new Promise((resolve) => port.once('close', resolve));
    }
    parts.log?.end();
    await parts.logWritten;
    console.close(machineEnded(exit, signal));
    return exit;
  });
  return {
    command,
    pid: program.pid,
    console,
    logFile,
    qmp,
    exited,
    waitFor: (wanted, options) => console.waitFor(wanted, { signal, ...options }),
    send: (text) => void port?.write(text),
    async forwardedPort(guestPort) {
      return parseForwardedPort(await qmp.human('info usernet'), guestPort);
    },
    async powerDown({ timeoutMs }) {
      await qmp.execute('system_powerdown');
      if (!(await endsWithin(exited, timeoutMs, timeOf(program.pid)))) {
        throw new MicroLinuxError({
          code: 'power-off-timeout',
          message: `the machine did not power off within ${timeoutMs / 1000} s`,
        });
      }
    },
    async reset() {
      await qmp.execute('system_reset');
    },
    async cutPower() {
      await qmp.execute('quit').catch(ignoreClosed);
      await exited;
    },
    async kill() {
      await program.kill();
      await exited;
    },
  };
}

/**
 * Reads `info usernet`: lines like `TCP[HOST_FORWARD] 12 127.0.0.1 40123 10.0.2.15 22 0 0`.
 *
 * @throws MicroLinuxError `port-not-forwarded`.
 */
export function parseForwardedPort(usernet: string, guestPort: number): number {
  for (const line of usernet.split('\n')) {
    const match = /TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)/.exec(line);
    if (match && Number(match[2]) === guestPort) {
      return Number(match[1]);
    }
  }
  throw new MicroLinuxError({
    code: 'port-not-forwarded',
    message: `QEMU forwards no port to the guest's port ${guestPort}`,
    why: usernet.trim(),
  });
}

function written(log: WriteStream): Promise<void> {
  return new Promise((resolve) => {
    log.once('close', resolve);
    // The log is not essential: a full disk does not end the machine.
    log.once('error', () => resolve());
  });
}

async function endsWithin(
  exited: Promise<ProgramExit>,
  timeoutMs: number,
  startTimer: StartTimer,
): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = startTimer(timeoutMs, () => resolve(false));
  try {
    return await Promise.race([exited.then(() => true), late]);
  } finally {
    timer.end();
  }
}

/** A closed control channel means that QEMU is ending: its exit says more. */
function orEnded(ended: Promise<never>): (error: unknown) => Promise<never> {
  return (error) => {
    ignoreClosed(error);
    return ended;
  };
}

function ignoreClosed(error: unknown): void {
  if (!(error instanceof MicroLinuxError && error.code === 'qmp-closed')) {
    throw error;
  }
}

function notStarted(
  exit: ProgramExit,
  command: string,
  signal: AbortSignal | undefined,
): MicroLinuxError {
  return signal?.aborted
    ? cancelled('the machine was stopped')
    : new MicroLinuxError({
        code: 'machine-not-started',
        message: `${QEMU} ${howItEnded(exit)} before the machine ran`,
        why: [`command: ${command}`, ...complaint(exit)].join('\n'),
        details: { command },
      });
}

function machineEnded(exit: ProgramExit, signal: AbortSignal | undefined): MicroLinuxError {
  return signal?.aborted
    ? cancelled('the machine was stopped')
    : new MicroLinuxError({
        code: 'machine-ended',
        message: `the machine is off: ${QEMU} ${howItEnded(exit)}`,
        why: complaint(exit).join('\n') || undefined,
      });
}

function howItEnded(exit: ProgramExit): string {
  return exit.signal === undefined
    ? `ended with status ${exit.exitCode}`
    : `was ended by ${exit.signal}`;
}

function complaint(exit: ProgramExit): string[] {
  const text = exit.stderr.trim();
  return text === '' ? [] : ['QEMU said:', text];
}
