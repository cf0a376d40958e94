import { readFile, rm } from 'node:fs/promises';
import { run } from '@micro-linux/core';

/** A drive of the test machine. */
export interface Drive {
  readonly path: string;
  readonly readOnly?: boolean;
}

export interface MachineOptions {
  /** The first one is booted. */
  readonly drives: readonly Drive[];
  /** OVMF's code file; BIOS without it. */
  readonly firmware?: string;
  readonly timeoutMs: number;
}

/**
 * Runs a machine until it restarts, halts by the stub kernel, or the time is up; returns all it
 * wrote to the serial line.
 *
 * @throws MicroLinuxError `tool-timeout` when it hung.
 */
export async function runMachine(options: MachineOptions): Promise<string> {
  const serial = `${options.drives[0]?.path}.serial`;
  await run(
    'qemu-system-x86_64',
    [
      ...['-machine', 'pc,accel=tcg', '-m', '128', '-nodefaults', '-display', 'none', '-no-reboot'],
      ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04', '-serial', `file:${serial}`],
      ...(options.firmware ? ['-bios', options.firmware] : []),
      ...options.drives.flatMap((drive, index) => [
        '-drive',
        `file=${drive.path},format=raw,if=none,id=d${index},cache=unsafe${drive.readOnly ? ',readonly=on' : ''}`,
        '-device',
        `virtio-blk-pci,drive=d${index},bootindex=${index}`,
      ]),
    ],
    // isa-debug-exit ends QEMU with (value << 1) | 1; a restart under -no-reboot with 0.
    { timeoutMs: options.timeoutMs, okExitCodes: [0, 1] },
  );
  const text = await readFile(serial, 'latin1');
  await rm(serial);
  return text;
}
