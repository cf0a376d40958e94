import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { MicroLinuxError, readProcess } from '@micro-linux/core';
import type { AcceleratorChoice } from './accelerator.ts';
import { type Machine, type MachineOptions, startMachine } from './machine.ts';
import {
  awaitStandstill,
  type ProgressLimits,
  SAMPLE_MS,
  type Standstill,
} from './program-progress.ts';

/** A boot loader writes to the serial port after 2 s of processor time under KVM. */
const LIMITS: ProgressLimits = { cpuMs: 30_000, idleMs: 20_000 };

export interface LivelyOptions {
  /** The user's choice: with an explicit `kvm`, nothing else is tried. */
  readonly choice: AcceleratorChoice;
  /** Shows the user why the machine starts again. */
  readonly tell: (line: string) => void;
  /** When a silent machine is given up; for tests. */
  readonly limits?: ProgressLimits;
}

/**
 * Starts a machine and checks that it writes to its console. On some hosts, KVM runs a small guest
 * but no kernel, so a machine that is silent under KVM is started again under TCG.
 *
 * @returns as {@link startMachine}; under KVM once the console has its first byte.
 * @throws MicroLinuxError as {@link startMachine}.
 */
export async function startLivelyMachine(
  options: MachineOptions,
  { choice, tell, limits = LIMITS }: LivelyOptions,
): Promise<Machine> {
  if (options.accelerator === 'tcg' || choice === 'kvm') {
    return startMachine(options);
  }
  const slowly = (why: string) => {
    tell(
      `the guest does not run under KVM (${why}): starting again under TCG, QEMU's own translation, which is slow`,
    );
    return startMachine({ ...options, accelerator: 'tcg' });
  };
  let machine: Machine;
  try {
    machine = await startMachine(options);
  } catch (error) {
    if (error instanceof MicroLinuxError && error.code === 'machine-not-started') {
      return slowly(firstComplaint(error));
    }
    throw error;
  }
  const standstill = await silence(machine, limits, options.signal);
  if (standstill === undefined) {
    return (await diedSilently(machine)) && !options.signal?.aborted
      ? slowly('QEMU ended')
      : machine;
  }
  await machine.kill();
  return slowly(standstill === 'idle' ? 'it does nothing' : 'it loops');
}

/** As `withMachine`, with a machine of {@link startLivelyMachine}. */
export async function withLivelyMachine<T>(
  options: MachineOptions,
  lively: LivelyOptions,
  use: (machine: Machine) => Promise<T>,
): Promise<T> {
  const machine = await startLivelyMachine(options, lively);
  try {
    return await use(machine);
  } finally {
    await machine.kill();
  }
}

/** Why a machine is given up; undefined once there is console output, or it has ended. */
export async function silence(
  machine: Machine,
  limits: ProgressLimits,
  signal: AbortSignal | undefined,
): Promise<Standstill | undefined> {
  const spoken = new AbortController();
  const stop = signal ? AbortSignal.any([signal, spoken.signal]) : spoken.signal;
  const listening = (async () => {
    while (!stop.aborted && !(await hasSpoken(machine))) {
      await pause(SAMPLE_MS, undefined, { signal: stop }).catch(() => undefined);
    }
    spoken.abort();
  })();
  const standstill = await awaitStandstill(machine.pid, limits, stop);
  spoken.abort();
  await listening;
  return standstill;
}

/** A console byte, or a program that makes progress, shows that the machine works. */
async function diedSilently(machine: Machine): Promise<boolean> {
  if (readProcess(machine.pid)?.ended === false || (await hasSpoken(machine))) {
    return false;
  }
  return (await machine.exited).exitCode !== 0;
}

async function hasSpoken({ console, logFile }: Machine): Promise<boolean> {
  return console.text !== '' || ((await stat(logFile).catch(() => undefined))?.size ?? 0) > 0;
}

/** QEMU's own message, from the error of `startMachine`. */
function firstComplaint({ why, message }: MicroLinuxError): string {
  const said = why?.split('QEMU said:\n')[1]?.split('\n')[0];
  return said?.replace(/^qemu-system-x86_64: /, '') ?? message;
}
