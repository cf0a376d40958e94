import { describe, expect, it } from 'vitest';
import { embeddedConfig, grubStub } from './grub-stub.ts';
import { grubQuote } from './quote.ts';
import { slotConfig, slotSums } from './slot-config.ts';

describe('slotConfig', () => {
  it('is the file that grub.cfg sources', () => {
    const text = slotConfig({
      kernelArguments: ['quiet', 'a=$b;{c}#d'],
      consoles: ['tty0', 'ttyS0,115200'],
    });
    expect(text).toBe(`# What GRUB needs to start this system; read by /grub/grub.cfg on the ESP.
set slot_kernel='/boot/vmlinuz'
set slot_initrd='/boot/initrd.img'
set slot_sums=''
set slot_args='console=tty0 console=ttyS0,115200 quiet a=$b;{c}#d'
`);
  });

  it('contains the checksums if there are any', () => {
    expect(slotConfig({ kernelArguments: [], consoles: [], sums: true })).toContain(
      "set slot_sums='/boot/SHA256SUMS'",
    );
    expect(slotSums({ '/boot/vmlinuz': 'ab12' })).toBe('ab12  boot/vmlinuz\n');
  });

  it.each([
    'two words',
    "it's",
    'say="hi"',
    'back\\slash',
    'new\nline',
    'ümlaut',
    '',
    '--',
    'root=/dev/sda',
    'rootwait',
    'panic=0',
    'micro_linux.slot=B',
  ])('refuses the kernel argument %j', (argument) => {
    expect(() => slotConfig({ kernelArguments: [argument], consoles: [] })).toThrow(
      expect.objectContaining({ code: 'kernel-argument', exitCode: 2 }),
    );
  });

  it('refuses a command line longer than the kernel reads', () => {
    expect(() => slotConfig({ kernelArguments: ['x'.repeat(1801)], consoles: [] })).toThrow(
      expect.objectContaining({ code: 'kernel-argument' }),
    );
  });
});

it('grubQuote makes any text literal', () => {
  expect(grubQuote("it's $HOME")).toBe("'it'\\''s $HOME'");
});

it('both first configs continue with /grub/grub.cfg, and restart if it is missing', () => {
  for (const text of [embeddedConfig(), grubStub()]) {
    expect(text).toMatch(/configfile "?\(\$root\)\/grub\/grub\.cfg"?\n/);
    expect(text.trimEnd()).toMatch(/\nreboot$/);
  }
});

it('the embedded config has plain commands only: GRUB reads it before its script parser is loaded', () => {
  expect(embeddedConfig()).not.toMatch(/^(if|function|for|while|menuentry) /m);
});
