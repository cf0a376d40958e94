import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { MicroLinuxError, run } from '@micro-linux/core';
import { Console } from 'micro-linux/vm/console';

/** A drive of the test machine. */
export interface Drive {
  readonly path: string;
  readonly readOnly?: boolean;
}

export interface MachineOptions {
  /** The first one is booted. */
  readonly drives: readonly Drive[];
  /** OVMF's combined file; BIOS without it. */
  readonly firmware?: string;
  readonly timeoutMs: number;
}

/**
 * Runs a machine until it restarts, is halted by the stub kernel, or the time is up; returns its
 * serial output.
 *
 * @throws MicroLinuxError `tool-timeout` when it hung.
 */
export async function runMachine(options: MachineOptions): Promise<string> {
  const serial = `${options.drives[0]?.path}.serial`;
  // isa-debug-exit ends QEMU with (value << 1) | 1; a restart under -no-reboot with 0.
  await run(QEMU, qemuArguments(options, `file:${serial}`), {
    timeoutMs: options.timeoutMs,
    okExitCodes: [0, 1],
  });
  const text = await readFile(serial, 'latin1');
  await rm(serial);
  return text;
}

/** A user at the serial console. */
export interface Person {
  /** Waits for a text in the machine's next output. */
  see(text: string | RegExp): Promise<string>;
  press(keys: string): void;
}

/**
 * Starts a machine with a user at its console; stops it when they leave.
 *
 * @throws MicroLinuxError `console-timeout` or `machine-ended` when the expected output does not
 *   appear.
 */
export async function atMachine(
  options: MachineOptions,
  visit: (person: Person) => Promise<void>,
): Promise<void> {
  const machine = spawn(QEMU, qemuArguments(options, 'stdio'), {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const console = new Console();
  machine.stdout.on('data', (bytes: Uint8Array) => console.push(bytes));
  // 'close', not 'exit': all output has been read by then.
  const ended = once(machine, 'close').then(() =>
    console.close(new MicroLinuxError({ code: 'machine-ended', message: 'the machine ended' })),
  );
  try {
    await visit({
      async see(text) {
        return (await console.waitFor(text, { timeoutMs: options.timeoutMs, failures: [] })).line;
      },
      press: (keys) => void machine.stdin.write(keys),
    });
  } finally {
    machine.kill('SIGKILL');
    await ended;
  }
}

const QEMU = 'qemu-system-x86_64';

function qemuArguments(options: MachineOptions, serial: string): string[] {
  return [
    ...['-machine', 'pc,accel=tcg', '-m', '128', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04', '-serial', serial],
    ...(options.firmware ? ['-bios', options.firmware] : []),
    ...options.drives.flatMap((drive, index) => [
      '-drive',
      `file=${drive.path},format=raw,if=none,id=d${index},cache=unsafe${drive.readOnly ? ',readonly=on' : ''}`,
      '-device',
      `virtio-blk-pci,drive=d${index},bootindex=${index}`,
    ]),
  ];
}
