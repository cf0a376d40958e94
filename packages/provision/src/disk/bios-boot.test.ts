import { describe, expect, it } from 'vitest';
import { biosBootSectors } from './bios-boot.ts';

const boot = new Uint8Array(512).fill(0x11);

describe('biosBootSectors', () => {
  it('writes the position and length of core.img, as grub-install does', () => {
    const core = new Uint8Array(512 * 5 + 1).fill(0x22);
    const result = biosBootSectors(boot, core, 2048, 2048);
    const code = Buffer.from(result.bootCode);
    expect(code).toHaveLength(440);
    expect(code.readBigUInt64LE(0x5c)).toBe(2048n);
    expect(code.readUInt8(0x64)).toBe(0xff);
    const patched = Buffer.from(result.core);
    expect(patched).toHaveLength(512 * 6);
    expect(patched.readBigUInt64LE(0x1f4)).toBe(2049n);
    expect(patched.readUInt16LE(0x1fc)).toBe(5);
    expect(patched.readUInt16LE(0x1fe)).toBe(0x820);
  });

  it('does not modify its inputs', () => {
    const core = new Uint8Array(1024).fill(0x22);
    biosBootSectors(boot, core, 2048, 2048);
    expect(core.every((byte) => byte === 0x22)).toBe(true);
    expect(boot.every((byte) => byte === 0x11)).toBe(true);
  });

  it('refuses a core image that does not fit', () => {
    expect(() => biosBootSectors(boot, new Uint8Array(512 * 9), 2048, 8)).toThrow(
      /needs 9 sectors/,
    );
  });

  it('refuses a boot.img with another length', () => {
    expect(() => biosBootSectors(new Uint8Array(511), new Uint8Array(512), 2048, 8)).toThrow(/511/);
  });
});
