import { BOOT_PROGRAMS, type BootProgram } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { databaseCertificates } from './firmware-trust.ts';
import { FIRMWARE_CA, OTHER_CA, peProgram, signatureDatabase } from './pe-image.testdata.ts';
import { type BootloaderFacts, planBootloader } from './plan-bootloader.ts';
import { parseSbat } from './sbat.ts';

const SHIM = 'sbat,1,SBAT Version\nshim,4,UEFI shim\nshim.debian,1,Debian\n';
const [shim, grub, mokManager] = BOOT_PROGRAMS;

interface Case {
  readonly installed?: Buffer;
  readonly offered?: Buffer;
  readonly trusted?: readonly Buffer[];
  readonly level?: string;
  readonly program?: BootProgram | undefined;
}

function plan({ installed, offered, trusted, level, program = shim }: Case): readonly string[] {
  const same = Buffer.from('same');
  const programs = [shim, grub, mokManager].flatMap((one) =>
    one === undefined
      ? []
      : [
          {
            program: one,
            installed: one === program ? (installed ?? peProgram({ sbat: SHIM })) : same,
            offered: one === program ? (offered ?? peProgram({ sbat: SHIM, code: 'x' })) : same,
          },
        ],
  );
  const facts: BootloaderFacts = {
    programs,
    trusted: trusted && databaseCertificates(signatureDatabase(...trusted)),
    sbatLevel: parseSbat(level ?? ''),
  };
  return planBootloader(facts).map((pair) => pair.program.name);
}

const rejected = (why: RegExp) =>
  expect.objectContaining({
    code: 'bootloader-rejected',
    exitCode: 5,
    why: expect.stringMatching(why),
  });

describe('planning the boot programs', () => {
  it('replaces only those that differ', () => {
    expect(plan({})).toEqual(['BOOTX64.EFI']);
    expect(plan({ program: grub })).toEqual(['grubx64.efi']);
    expect(plan({ installed: peProgram({}), offered: peProgram({}) })).toEqual([]);
  });

  it('accepts higher revocation levels, and another vendor name', () => {
    const newer = peProgram({ sbat: 'sbat,1,x\nshim,5,x\nshim.ubuntu,1,x\n' });
    expect(plan({ offered: newer })).toEqual(['BOOTX64.EFI']);
  });

  it.each([
    ['a lower level', 'sbat,1,x\nshim,3,x\nshim.debian,1,x\n'],
    ['a lower level of the vendor', 'sbat,1,x\nshim,4,x\nshim.debian,0,x\n'],
    ['no level for the project', 'sbat,1,x\nshim.debian,1,x\n'],
  ])('refuses %s', (_name, sbat) => {
    expect(() => plan({ offered: peProgram({ sbat }) })).toThrow(rejected(/SBAT.*lower for shim/));
  });

  it('refuses to replace a program with levels by one without', () => {
    expect(() => plan({ offered: peProgram({}) })).toThrow(rejected(/lower for sbat, shim$/));
  });

  it('refuses a program that this firmware has revoked', () => {
    expect(() => plan({ level: 'sbat,1,2026010100\nshim,5\ngrub,5\n' })).toThrow(
      rejected(/revoked it \(SBAT: shim\)/),
    );
    expect(plan({ level: 'sbat,1,2024010900\nshim,4\ngrub,9\n' })).toEqual(['BOOTX64.EFI']);
  });

  it('refuses a shim that Secure Boot would not start', () => {
    expect(plan({ trusted: [OTHER_CA, FIRMWARE_CA] })).toEqual(['BOOTX64.EFI']);
    const untrusted = rejected(/db has signed it/);
    expect(() => plan({ trusted: [OTHER_CA] })).toThrow(untrusted);
    expect(() => plan({ trusted: [] })).toThrow(untrusted);
    const unsigned = peProgram({ sbat: SHIM, signed: false });
    expect(() => plan({ offered: unsigned, trusted: [FIRMWARE_CA] })).toThrow(untrusted);
    expect(plan({ offered: unsigned })).toEqual(['BOOTX64.EFI']);
  });

  it('refuses a program with bytes after its signature, which shim does not start', () => {
    const offered = Buffer.concat([peProgram({ sbat: SHIM }), Buffer.alloc(4096)]);
    for (const program of [shim, grub]) {
      expect(() => plan({ program, offered })).toThrow(rejected(/bytes follow its signature/));
    }
    expect(plan({ program: grub, offered: peProgram({ sbat: SHIM, signed: false }) })).toEqual([
      'grubx64.efi',
    ]);
  });

  it('does not check GRUB’s signature, which shim checks', () => {
    expect(plan({ program: grub, trusted: [OTHER_CA] })).toEqual(['grubx64.efi']);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('MZ but no program '.repeat(40))],
    ['half a header', peProgram({ sbat: SHIM }).subarray(0, 0x50)],
    ['a 32-bit program', Buffer.from(peProgram({})).fill(0x0b, 0x58, 0x59).fill(0x01, 0x59, 0x5a)],
  ])('refuses %s', (_name, offered) => {
    expect(() => plan({ offered })).toThrow(rejected(/not a 64-bit EFI program/));
  });
});
