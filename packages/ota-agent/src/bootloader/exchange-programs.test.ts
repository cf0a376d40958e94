import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOOT_PROGRAMS } from '@micro-linux/core';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BootDevice, withBootDevice } from './boot-device.ts';
import { readBootFiles } from './boot-files.ts';
import {
  espFaults,
  makeEsp,
  type ProgramSet,
  programBytes,
  readEspFile,
} from './esp-image.testdata.ts';
import { exchangePrograms } from './exchange-programs.ts';

const OLD: ProgramSet = [
  programBytes('old shim', 9_000),
  programBytes('old grub', 30_000),
  programBytes('old mm', 7_777),
];
/** One grows over several clusters, one shrinks, one changes within its last cluster. */
const NEW: ProgramSet = [
  programBytes('new shim', 12_345),
  programBytes('new grub', 20_001),
  programBytes('new mm', 7_778),
];

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bootloader-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Exchanges programs and records what reaches the disk. */
function exchange(
  image: string,
  next: ProgramSet,
  watch: (device: BootDevice) => BootDevice,
  names: readonly string[] = BOOT_PROGRAMS.map(({ name }) => name),
) {
  withBootDevice(image, statSync(image).size, (device) => {
    const watched = watch(device);
    const files = readBootFiles(watched, {
      folder: ['EFI', 'BOOT'],
      names: BOOT_PROGRAMS.flatMap(({ name, spare }) => [name.toUpperCase(), spare]),
      spare: BOOT_PROGRAMS.map(({ spare }) => spare),
    });
    exchangePrograms(
      watched,
      files,
      BOOT_PROGRAMS.map(({ name, spare }, index) => ({
        active: name.toUpperCase(),
        spare,
        contents: next[index] ?? Buffer.alloc(0),
      })).filter((_replacement, index) => names.includes(BOOT_PROGRAMS[index]?.name ?? '')),
    );
  });
}

const unwatched = (device: BootDevice) => device;
const active = (image: string) => BOOT_PROGRAMS.map(({ name }) => readEspFile(image, name));
const spare = (image: string) => BOOT_PROGRAMS.map((program) => readEspFile(image, program.spare));

/** Sectors between two flushes: after a power cut any of them may be on the disk. */
interface Epoch {
  readonly sectors: { readonly offset: number; readonly bytes: Buffer }[];
}

function recorded(image: string, next: ProgramSet): readonly Epoch[] {
  const epochs: Epoch[] = [{ sectors: [] }];
  exchange(image, next, (device) => ({
    ...device,
    write(offset, bytes) {
      for (let at = 0; at < bytes.length; at += 512) {
        const sector = Buffer.from(bytes.subarray(at, at + 512));
        epochs.at(-1)?.sectors.push({ offset: offset + at, bytes: sector });
      }
      device.write(offset, bytes);
    },
    flush() {
      epochs.push({ sectors: [] });
      device.flush();
    },
  }));
  return epochs;
}

describe('exchanging boot programs', () => {
  it('replaces all of them, keeps the old ones, and leaves a valid file system', () => {
    const image = makeEsp(scratch(), OLD, OLD);
    exchange(image, NEW, unwatched);
    expect(active(image)).toEqual(NEW);
    expect(spare(image)).toEqual(OLD);
    expect(espFaults(image)).toBe('');
    expect(readEspFile(image, 'grubenv', '/grub')).toEqual(Buffer.alloc(1024, '#'));
  });

  it('can be repeated with programs of any length', () => {
    const image = makeEsp(scratch(), OLD, OLD);
    for (const scale of [40, 3, 90]) {
      const next = NEW.map((program) => programBytes(`x${scale}`, program.length * scale));
      exchange(image, next as unknown as ProgramSet, unwatched);
      expect(active(image)).toEqual(next);
      expect(espFaults(image)).toBe('');
    }
  });

  it('leaves all old or all new programs after a power cut at any point', () => {
    const directory = scratch();
    const base = makeEsp(directory, OLD, OLD);
    const changed = join(directory, 'changed.img');
    copyFileSync(base, changed);
    const epochs = recorded(changed, NEW);
    expect(epochs.map(({ sectors }) => sectors.length > 0)).toEqual([true, true, true, false]);
    expect(epochs[2]?.sectors).toHaveLength(1);
    const cut = join(directory, 'cut.img');
    const seen = new Set<string>();
    const most = Math.max(...epochs.map(({ sectors }) => sectors.length));
    const each = (landed: boolean) =>
      [0, 1, 2].map((last): [number, boolean[]] => [last, new Array(most).fill(landed)]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.array(fc.boolean(), { minLength: most, maxLength: most }),
        (last, lands) => {
          copyFileSync(base, cut);
          const file = openSync(cut, 'r+');
          for (const [index, { sectors }] of epochs.entries()) {
            for (const [place, { offset, bytes }] of sectors.entries()) {
              if (index < last || (index === last && lands[place])) {
                writeSync(file, bytes, 0, bytes.length, offset);
              }
            }
          }
          closeSync(file);
          const found = active(cut);
          const isNew = found[0]?.equals(NEW[0]) === true;
          seen.add(`${last} ${isNew ? 'new' : 'old'}`);
          expect(found).toEqual(isNew ? NEW : OLD);
          // The next boot repeats it, whatever the cut left in the spare files.
          exchange(cut, NEW, unwatched);
          expect(active(cut)).toEqual(NEW);
        },
      ),
      {
        numRuns: Number(process.env['BOOTLOADER_CUTS'] ?? 25),
        // Nothing and everything of the last epoch: random cuts may miss one of the two.
        examples: [...each(false), ...each(true)],
      },
    );
    expect([...seen].sort()).toEqual(['0 old', '1 old', '2 new', '2 old']);
  });

  it('changes no cluster of another file when a spare file’s chain is damaged', () => {
    const image = makeEsp(scratch(), OLD, OLD);
    withBootDevice(image, statSync(image).size, (device) => {
      const names = BOOT_PROGRAMS.flatMap((program) => [program.name.toUpperCase(), program.spare]);
      const files = readBootFiles(device, { folder: ['EFI', 'BOOT'], names, spare: [] });
      const from = files.entries.get('MMX64.ALT')?.firstCluster ?? 0;
      const into = files.entries.get('GRUBX64.EFI')?.firstCluster ?? 0;
      for (const start of files.geometry.tables) {
        const link = Buffer.alloc(4);
        link.writeUInt32LE(into);
        device.write(start + from * 4, link);
      }
    });
    exchange(image, NEW, unwatched, ['mmx64.efi']);
    expect(active(image)).toEqual([OLD[0], OLD[1], NEW[2]]);
  });

  it('changes nothing when the new programs do not fit', () => {
    const image = makeEsp(scratch(), OLD, OLD);
    const huge: ProgramSet = [NEW[0], programBytes('huge', 41 * 1024 * 1024), NEW[2]];
    expect(() => exchange(image, huge, unwatched)).toThrow(
      expect.objectContaining({ code: 'bootloader-no-room' }),
    );
    expect(active(image)).toEqual(OLD);
    expect(espFaults(image)).toBe('');
  });

  it('does not exchange programs that read back wrong', () => {
    const image = makeEsp(scratch(), OLD, OLD);
    const forgetful = (device: BootDevice): BootDevice => ({
      ...device,
      readBack: (_offset, length) => Buffer.alloc(length),
    });
    expect(() => exchange(image, NEW, forgetful)).toThrow(
      expect.objectContaining({ code: 'bootloader-corrupt' }),
    );
    expect(active(image)).toEqual(OLD);
  });

  it.each(['', 'not a file system'])('refuses a partition that is not FAT32: %j', (text) => {
    const image = join(scratch(), 'esp.img');
    writeFileSync(image, Buffer.concat([Buffer.from(text), Buffer.alloc(1 << 20)]));
    expect(() => exchange(image, NEW, unwatched)).toThrow(
      expect.objectContaining({ code: 'bootloader-unsupported' }),
    );
  });

  it('throws only typed errors for a damaged file system', () => {
    const directory = scratch();
    const base = makeEsp(directory, OLD, OLD);
    const image = join(directory, 'damaged.img');
    const offsets = fc.oneof(
      fc.integer({ min: 0, max: 90 }),
      fc.integer({ min: 32 * 512, max: 34 * 512 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(offsets, fc.nat(255)), { minLength: 1 }), (damage) => {
        copyFileSync(base, image);
        const file = openSync(image, 'r+');
        for (const [offset, value] of damage) {
          writeSync(file, Buffer.of(value), 0, 1, offset);
        }
        closeSync(file);
        try {
          exchange(image, NEW, unwatched);
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^bootloader-/));
        }
      }),
      { numRuns: 25 },
    );
  });
});
