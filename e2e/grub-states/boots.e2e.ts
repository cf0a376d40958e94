import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  armTrial,
  type BootEnv,
  bootEnvVariables,
  confirmedMarker,
  decideBoot,
  EspPath,
  FACTORY_MARK,
  markGood,
  nextMark,
  readBootEnv,
  type Slot,
  SlotPath,
} from '@micro-linux/core';
import { emptyBlock, getVariables, parseBlock, serializeBlock, setVariables } from 'grubenv';
import { grubConfig, SLOT_SUMS_PATH, slotConfig, slotSums } from 'micro-linux/steps/grub/index';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Files, makeDisk, overwriteEspFile, readEspFile } from './disk.ts';
import { atMachine, type Person, runMachine } from './machine.ts';
import { PART_UUIDS } from './state-script.ts';
import { stubKernel } from './stub-kernel.ts';
import { missingTools } from './tools.ts';

/** A boot takes seconds on a quiet machine; only a hang reaches this limit. */
const TIMEOUT_MS = 20 * 60_000;
const BOOT_COUNTER = 2;
/** OVMF with its variables in one file (Debian and Ubuntu: ovmf). */
const OVMF = '/usr/share/ovmf/OVMF.fd';

const missing = missingTools();
if (missing) {
  console.warn(`SKIPPED: no real boots of GRUB; ${missing}`);
}

const SLOT: Files = {
  [SlotPath.kernel]: stubKernel(),
  [SlotPath.initrd]: 'stands in for an initrd',
  [SlotPath.grubSlotConfig]: slotConfig({
    kernelArguments: ['quiet', 'a=$b;c', 'glob=*'],
    consoles: ['tty0', 'ttyS0,115200'],
    sums: true,
  }),
  [SLOT_SUMS_PATH]: slotSums({
    [SlotPath.kernel]: sha256(stubKernel()),
    [SlotPath.initrd]: sha256('stands in for an initrd'),
  }),
};

/** Both slots are healthy, A is confirmed. */
const HEALTHY: BootEnv = {
  ...markGood(undefined, 'A', { bootCounter: BOOT_COUNTER }),
  ok: { A: true, B: true },
};

describe.skipIf(missing)('a machine with real GRUB, from power on to the kernel', () => {
  let directory = '';
  let count = 0;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'grub-boots-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('passes the arguments of the slot, unchanged, and those of micro-linux to the kernel', async () => {
    const machine = await machineWith({ env: HEALTHY });
    expect((await machine.boot()).cmdline).toBe(
      'BOOT_IMAGE=(hd0,gpt2)/boot/vmlinuz console=tty0 console=ttyS0,115200 quiet a=$b;c glob=* ' +
        `root=PARTUUID=${PART_UUIDS.A.toLowerCase()} ro gpt panic=10 micro_linux.slot=A micro_linux.boot=confirmed micro_linux.mark=grubenv:${nextMark(FACTORY_MARK)}`,
    );
  });

  it('tries a new slot as often as configured, then rolls back and stays', async () => {
    const machine = await machineWith({
      env: armTrial({ ...HEALTHY, ok: { A: true, B: false } }, 'B', 2),
    });
    expect(await machine.boots(4)).toEqual(['B trial', 'B trial', 'A confirmed', 'A confirmed']);
  });

  it('keeps a new slot that was confirmed', async () => {
    const machine = await machineWith({
      env: armTrial({ ...HEALTHY, ok: { A: true, B: false } }, 'B', 1),
    });
    expect(await machine.boots(1)).toEqual(['B trial']);
    await machine.mark('B');
    expect(await machine.boots(1)).toEqual(['B confirmed']);
  });

  it('gives both slots their tries in turn, forever, when neither becomes healthy', async () => {
    const machine = await machineWith({ env: HEALTHY });
    expect(await machine.boots(6)).toEqual([
      'A confirmed',
      'A confirmed',
      'B fallback',
      'B fallback',
      'A new-round',
      'A confirmed',
    ]);
  });

  it('stays with the confirmed slot when the other one is not ok', async () => {
    const machine = await machineWith({ env: { ...HEALTHY, ok: { A: true, B: false } } });
    expect(await machine.boots(4)).toEqual(['A confirmed', 'A confirmed', 'A alone', 'A alone']);
  });

  const broken: Readonly<Record<string, Files>> = {
    'no kernel': without(SLOT, SlotPath.kernel),
    'no initrd': without(SLOT, SlotPath.initrd),
    'no slot config': without(SLOT, SlotPath.grubSlotConfig),
    'an empty slot config': { ...SLOT, [SlotPath.grubSlotConfig]: '' },
    'a file that is not a kernel': { ...SLOT, [SlotPath.kernel]: 'no kernel at all'.repeat(200) },
    'a kernel with a bit flipped': { ...SLOT, [SlotPath.kernel]: flipped(stubKernel()) },
    'an initrd with other bytes': { ...SLOT, [SlotPath.initrd]: 'stands in for an INITRD' },
    'a truncated kernel': { ...SLOT, [SlotPath.kernel]: stubKernel().subarray(0, 900) },
  };
  for (const [what, files] of Object.entries(broken)) {
    it(`skips a confirmed slot with ${what}`, async () => {
      const machine = await machineWith({ env: HEALTHY, a: files });
      expect(await machine.boots(1)).toEqual(['B confirmed, not A']);
    });
  }

  it('rolls back at once from a trial of an empty slot', async () => {
    const machine = await machineWith({ env: armTrial(HEALTHY, 'B', 1), b: null });
    expect(await machine.boots(2)).toEqual(['A confirmed, not B', 'A confirmed']);
  });

  it('restarts when nothing can start, and never waits for a key', async () => {
    const machine = await machineWith({ env: HEALTHY, a: {}, b: null });
    const { output } = await machine.boot();
    expect(output).toContain('nothing to start on this disk; restarting');
  });

  it('does not start an untested slot even if the confirmed one is missing', async () => {
    const machine = await machineWith({ env: { ...HEALTHY, ok: { A: true, B: false } }, a: {} });
    expect((await machine.boot()).output).toContain('nothing to start on this disk; restarting');
  });

  it('does not try a slot when the disk cannot be written', async () => {
    const machine = await machineWith({ env: armTrial(HEALTHY, 'B', 1), readOnly: true });
    expect(await machine.boots(2)).toEqual(['A confirmed', 'A confirmed']);
  });

  it('reads the copy when grubenv is damaged, and counts there', async () => {
    const copy = { ...HEALTHY, confirmed: 'B', trial: { slot: 'A', tries: 1 } } as const;
    const machine = await machineWith({ env: new Uint8Array(1024), copy });
    expect(await machine.boots(3)).toEqual(['B confirmed', 'B confirmed', 'A fallback']);
  });

  it('boots the slot of the marker, and no other, when both blocks are damaged', async () => {
    const damage = new Uint8Array(1024);
    const good = await machineWith({ env: damage, copy: damage, marker: 'B' });
    expect(await good.boots(1)).toEqual(['B marker']);
    const bad = await machineWith({ env: damage, copy: damage, marker: 'B', b: null });
    expect((await bad.boot()).output).toContain('nothing to start on this disk; restarting');
  });

  it('boots any slot that loads when the whole environment is lost', async () => {
    const damage = new Uint8Array(1024);
    const machine = await machineWith({ env: damage, copy: damage, marker: null, a: {} });
    expect(await machine.boots(1)).toEqual(['B unknown, not A']);
  });

  it.skipIf(!existsSync(OVMF))('does the same under UEFI', async () => {
    const env = armTrial({ ...HEALTHY, ok: { A: true, B: false } }, 'B', 1);
    const machine = await machineWith({ env, firmware: OVMF });
    expect(await machine.boots(2)).toEqual(['B trial', 'A confirmed']);
  });

  describe('somebody at the console', () => {
    const ESC = '\x1b';
    const DOWN = '\x0e'; // Ctrl-N
    const ENTER = '\r';

    it('picks any slot from the menu, and the counters do not change', async () => {
      const machine = await machineWith({ env: { ...HEALTHY, ok: { A: true, B: false } } });
      await machine.visit(async ({ see, press }) => {
        await see('Esc for the menu');
        press(ESC);
        await see('Restart');
        press(`${DOWN}${DOWN}${ENTER}`);
        await see('micro_linux.slot=B micro_linux.boot=manual');
      });
      expect(await machine.env()).toMatchObject({ success: false, counter: BOOT_COUNTER });
    });

    it('sees a message when a slot is empty, and the other one boots', async () => {
      const machine = await machineWith({ env: HEALTHY, b: null });
      await machine.visit(async ({ see, press }) => {
        await see('Esc for the menu');
        press(ESC);
        await see('Restart');
        press(`${DOWN}${DOWN}${ENTER}`);
        await see('slot B contains no system that can be started');
        await see(
          /micro_linux\.slot=A micro_linux\.boot=confirmed micro_linux\.mark=grubenv:\S+ micro_linux\.skipped=B/,
        );
      });
    });

    it('cannot stop the machine with any other key', async () => {
      const machine = await machineWith({ env: HEALTHY });
      await machine.visit(async ({ see, press }) => {
        await see('Esc for the menu');
        press('c e x\r\n');
        await see('micro_linux.slot=A micro_linux.boot=confirmed');
      });
    });
  });

  interface MachineFiles {
    readonly env: BootEnv | Uint8Array;
    /** By default the same as `env`. */
    readonly copy?: BootEnv | Uint8Array;
    /** Slot A by default; null: damaged. */
    readonly marker?: Slot | null;
    /** Files of the slots; null: no file system. */
    readonly a?: Files | null;
    readonly b?: Files | null;
    readonly readOnly?: boolean;
    readonly firmware?: string;
  }

  async function machineWith(files: MachineFiles) {
    count += 1;
    const disk = join(directory, `${count}.img`);
    const { a = SLOT, b = SLOT, marker = 'A' } = files;
    await makeDisk(disk, {
      esp: {
        [EspPath.grubConfig]: grubConfig({
          title: "It's a test",
          partUuids: PART_UUIDS,
          consoles: ['tty0', 'ttyS0,115200'],
          timeoutSeconds: 1,
          bootCounter: BOOT_COUNTER,
        }),
        [EspPath.env]: envBytes(files.env),
        [EspPath.envCopy]: envBytes(files.copy ?? copyOf(files.env)),
        [EspPath.confirmed]: marker ? block(confirmedMarker(marker)) : new Uint8Array(1024),
      },
      slots: { ...(a ? { A: a } : {}), ...(b ? { B: b } : {}) },
    });

    async function boot() {
      const output = await runMachine({
        drives: [{ path: disk, readOnly: files.readOnly === true }],
        ...(files.firmware ? { firmware: files.firmware } : {}),
        timeoutMs: TIMEOUT_MS,
      });
      const cmdline = /^KERNEL (.*)$/m.exec(output.replaceAll('\r', ''))?.[1];
      return { output, cmdline };
    }

    return {
      boot,
      visit: (person: (person: Person) => Promise<void>) =>
        atMachine({ drives: [{ path: disk }], timeoutMs: TIMEOUT_MS }, person),
      async env(): Promise<BootEnv | undefined> {
        return readBootEnv((await readEnv(EspPath.env)) ?? new Map()).env;
      },
      /** Boots this many times; after each the env block must match decideBoot. */
      async boots(times: number): Promise<string[]> {
        const seen: string[] = [];
        for (let time = 0; time < times; time += 1) {
          const before = await readEnv(EspPath.env);
          const { output, cmdline } = await boot();
          const slot = value(cmdline, 'micro_linux.slot');
          expect(slot, output).toBeDefined();
          const skipped = value(cmdline, 'micro_linux.skipped');
          seen.push(
            `${slot} ${value(cmdline, 'micro_linux.boot')}${skipped ? `, not ${skipped}` : ''}`,
          );
          if (before && slot) {
            const saves = files.readOnly !== true;
            const state = { copy: undefined, marker: undefined, saves };
            const loads = { A: a === SLOT, B: b === SLOT };
            const expected = decideBoot(
              { ...state, env: readBootEnv(before).env, loads, mark: before.get('boot_mark') },
              { bootCounter: BOOT_COUNTER },
            );
            if (readBootEnv(before).env) {
              expect(value(cmdline, 'micro_linux.mark')).toBe(expected.mark);
            }
            expect(await readEnv(EspPath.env)).toEqual(
              new Map([...before, ...Object.entries(expected.writes)]),
            );
          }
        }
        return seen;
      },
      /** Writes the block as the agent does after a healthy boot. */
      async mark(slot: Slot): Promise<void> {
        const env = readBootEnv((await readEnv(EspPath.env)) ?? new Map()).env;
        const marked = envBytes(markGood(env, slot, { bootCounter: BOOT_COUNTER }));
        await overwriteEspFile(disk, EspPath.env, marked);
      },
    };

    async function readEnv(path: string): Promise<ReadonlyMap<string, string> | undefined> {
      const bytes = await readEspFile(disk, path);
      try {
        return getVariables(parseBlock(bytes));
      } catch {
        return undefined;
      }
    }
  }
});

function value(cmdline: string | undefined, name: string): string | undefined {
  return cmdline
    ?.split(' ')
    .find((word) => word.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

function copyOf(env: BootEnv | Uint8Array): BootEnv | Uint8Array {
  return env instanceof Uint8Array ? env : { ...env, trial: undefined };
}

function envBytes(env: BootEnv | Uint8Array): Uint8Array {
  return env instanceof Uint8Array ? env : block(bootEnvVariables(env));
}

function block(variables: Readonly<Record<string, string>>): Uint8Array {
  return serializeBlock(setVariables(emptyBlock(), variables));
}

function without(files: Files, path: string): Files {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(1100) ^ 1, 1100);
  return copy;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
