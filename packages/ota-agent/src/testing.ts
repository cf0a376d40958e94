import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type BootEnv,
  bootEnvVariables,
  confirmedMarker,
  EspPath,
  MicroLinuxError,
  partitionSpec,
  type Runner,
  runGroup,
  type Slot,
  slotPartition,
} from '@micro-linux/core';
import { createBlockFile, emptyBlock, setVariables } from 'grubenv';
import { onTestFinished } from 'vitest';
import { runCli } from './cli.ts';
import { checkAgentOutput } from './json/outputs.ts';
import { sayMounted } from './system/mounted-root.testdata.ts';
import type { System } from './system/system.ts';
import { textSink } from './text-sink.testdata.ts';

/** A device made of real files in a temporary directory. */
export interface TestDevice {
  readonly system: System;
  /** Path of a file on the ESP. */
  esp(path: string): string;
  /** How often the ESP was made writable. */
  remounts(): number;
  /** From now on the ESP cannot be made writable. */
  breakEsp(): void;
  /** Path of a file of the state directory. */
  state(path: string): string;
  /** Every program that was run, as one line with its arguments, oldest first. */
  readonly ran: readonly string[];
  /** Sets what a program returns from now on; a program without an answer fails. */
  answer(program: string, runner: Runner): void;
  /** The journal entries, as passed to `logger`. */
  readonly journal: readonly string[];
  /** How often a reboot was asked for. */
  reboots(): number;
  /** Restarts the machine: a new boot id and kernel command line. */
  restart(slot: Slot, words?: string): void;
  /** Sets the clock; only `pause` moves it. */
  setTime(iso: string): void;
  /** From now on `host:port` accepts connections with this greeting; `undefined` ends that. */
  listen(address: string, greeting: string | undefined): void;
  /** Runs a command line and returns all it printed. */
  agent(...argv: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

export const FACTORY: BootEnv = {
  confirmed: 'A',
  trial: undefined,
  success: false,
  counter: 2,
  fallbackCounter: 3,
  ok: { A: true, B: false },
};

/** lsblk's list of the only disk. */
const ONE_DISK = {
  blockdevices: [2, 3].map((number) => ({
    path: `/dev/vda${number}`,
    pkname: '/dev/vda',
    partuuid: `5a1c0000-0000-4000-8000-00000000000${number}`,
  })),
};

/** A device that runs `slot`, with all three blocks valid. */
export function testDevice(slot: Slot = 'A', env: BootEnv = FACTORY): TestDevice {
  const directory = mkdtempSync(join(tmpdir(), 'ota-agent-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const at = (path: string) => join(directory, path);
  mkdirSync(at('esp/grub'), { recursive: true });
  const block = (variables: Readonly<Record<string, string>>) =>
    setVariables(emptyBlock(), variables);
  createBlockFile(at(`esp${EspPath.env}`), block(bootEnvVariables(env)));
  createBlockFile(at(`esp${EspPath.envCopy}`), block(bootEnvVariables(env)));
  createBlockFile(at(`esp${EspPath.confirmed}`), block(confirmedMarker(env.confirmed)));
  writeFileSync(at('boot.json'), JSON.stringify({ schema: 1, slot, disk: '/dev/vda' }));
  writeFileSync(
    at('cmdline'),
    `BOOT_IMAGE=/boot/vmlinuz quiet micro_linux.slot=${slot} micro_linux.boot=confirmed\n`,
  );
  writeFileSync(
    at('image.json'),
    JSON.stringify({
      schema: 1,
      profile: 'bookworm',
      version: '0.1.0',
      compatible: 'micro-linux-bookworm-amd64',
      buildId: 'abc',
      kernel: '6.1.0-53-cloud-amd64',
    }),
  );

  for (const layer of ['etc', 'run', 'lib']) {
    mkdirSync(at(`config/${layer}`), { recursive: true });
  }
  mkdirSync(at('pstore'));
  writeFileSync(at('bootid'), '11111111-1111-4111-8111-111111111111\n');
  writeFileSync(at('route'), 'Iface\tDestination\tGateway\tFlags\n');
  writeFileSync(at('route6'), '');
  const mounted = (name: Slot) =>
    sayMounted(
      { mounts: at('mounts'), sysDevBlock: at('block-by-number') },
      { '/': `vda${slotPartition(name).number}`, [at('esp')]: 'vda1' },
    );
  mounted(slot);

  let remounts = 0;
  let reboots = 0;
  let boots = 1;
  let now = new Date('2030-01-02T03:04:05.000Z');
  const startedAt = now.getTime();
  const ports = new Map<string, string>();
  const ran: string[] = [];
  const journal: string[] = [];
  const answers = new Map<string, Runner>([
    [
      '/usr/bin/logger',
      async (_file, _args, options) => {
        journal.push(String(options?.input ?? ''));
        return { stdout: '', stderr: '', exitCode: 0 };
      },
    ],
    ['/usr/bin/lsblk', async () => ({ stdout: JSON.stringify(ONE_DISK), stderr: '', exitCode: 0 })],
    ['/usr/lib/micro-linux/trial-over', async () => ({ stdout: '', stderr: '', exitCode: 0 })],
  ]);
  let broken = false;
  const system: System = {
    paths: {
      esp: at('esp'),
      bootInfo: at('boot.json'),
      dataNotes: at('data-problems'),
      cmdline: at('cmdline'),
      imageInfo: at('image.json'),
      state: at('state'),
      run: at('run'),
      config: [at('config/etc'), at('config/run'), at('config/lib')],
      mounts: at('mounts'),
      swaps: at('swaps'),
      sysBlock: at('block'),
      sysDevBlock: at('block-by-number'),
      efi: at('efi'),
      bootId: at('bootid'),
      routes: [at('route'), at('route6')],
      pstore: [at('pstore')],
      watchdogs: at('watchdog'),
      zfsPools: at('zfs-pools'),
      bootloader: at('bootloader'),
      efivars: at('efivars'),
      etcChanges: at('etc-changes'),
      etcOfImage: at('etc-of-image'),
    },
    // Programs of a device that no test machine has: systemd as PID 1, its own journal.
    async run(file, args, options) {
      ran.push([file, ...args].join(' '));
      const runner = answers.get(file);
      if (!runner) {
        throw new MicroLinuxError({ code: 'tool-missing', message: `${file} is not answered for` });
      }
      return runner(file, args, options);
    },
    runGroup,
    now: () => now,
    uptime: () => (now.getTime() - startedAt) / 1000,
    async pause(milliseconds) {
      now = new Date(now.getTime() + milliseconds);
    },
    async connect(host, port) {
      const greeting = ports.get(`${host}:${port}`);
      return { connected: greeting !== undefined, greeting: greeting ?? '' };
    },
    isRoot: () => true,
    slotDevice: (name) => at(`disk${slotPartition(name).number}`),
    espDevice: () => at(`disk${partitionSpec('ESP').number}`),
    async reboot() {
      reboots += 1;
    },
    async withWritableEsp(action) {
      if (broken) {
        throw new MicroLinuxError({ code: 'esp-unwritable', message: 'broken for the test' });
      }
      remounts += 1;
      return action();
    },
  };
  return {
    system,
    esp: (path) => at(`esp${path}`),
    remounts: () => remounts,
    breakEsp: () => {
      broken = true;
    },
    state: (path) => at(`state/${path}`),
    ran,
    answer: (program, runner) => void answers.set(program, runner),
    journal,
    reboots: () => reboots,
    restart(name, words = 'micro_linux.boot=confirmed') {
      boots += 1;
      rmSync(at('run'), { recursive: true, force: true });
      writeFileSync(at('bootid'), `${String(boots).repeat(8)}-1111-4111-8111-111111111111\n`);
      writeFileSync(at('boot.json'), JSON.stringify({ schema: 1, slot: name, disk: '/dev/vda' }));
      mounted(name);
      writeFileSync(at('cmdline'), `quiet micro_linux.slot=${name} ${words}\n`);
    },
    setTime: (iso) => {
      now = new Date(iso);
    },
    listen(address, greeting) {
      if (greeting === undefined) {
        ports.delete(address);
      } else {
        ports.set(address, greeting);
      }
    },
    async agent(...argv) {
      const printed = { stdout: '', stderr: '' };
      const exitCode = await runCli({
        argv,
        streams: {
          stdout: textSink((text) => {
            printed.stdout += text;
          }),
          stderr: textSink((text) => {
            printed.stderr += text;
          }),
        },
        version: '1.2.3',
        signal: new AbortController().signal,
        stdin: Readable.from([]),
        system,
      });
      if (argv.includes('--json') && printed.stdout !== '') {
        checkAgentOutput(argv, printed.stdout);
      }
      return { exitCode, ...printed };
    },
  };
}
