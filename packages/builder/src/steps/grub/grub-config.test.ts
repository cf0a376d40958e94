import { BOOT_REASONS, BOOT_VARIABLES, FACTORY_MARK, STANDING_RULES } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { type GrubConfigOptions, grubConfig } from './grub-config.ts';
import { grubFunctions } from './grub-functions.ts';
import { BIOS_MODULES, EFI_MODULES } from './modules.ts';
import { MAX_ARGUMENTS_BYTES } from './slot-config.ts';

const OPTIONS: GrubConfigOptions = {
  title: "Debian's 12 (bookworm)",
  partUuids: {
    A: 'AAAAAAAA-0000-4000-8000-00000000000A',
    B: 'BBBBBBBB-0000-4000-8000-00000000000B',
  },
  consoles: ['tty0', 'ttyS1,57600n8'],
  timeoutSeconds: 3,
  bootCounter: 5,
};

describe('grubConfig', () => {
  it('chooses slots by partition number and lower-case PARTUUID only', () => {
    const text = grubConfig(OPTIONS);
    expect(text).toContain(
      'if [ "$1" = B ]; then set ml_partition=3; set ml_partuuid=bbbbbbbb-0000-4000-8000-00000000000b; fi',
    );
    expect(text).not.toMatch(/\bsearch\b|LABEL=/);
  });

  it('never makes the kernel wait forever for its disk', () => {
    expect(grubConfig(OPTIONS)).not.toMatch(/^\s*linux .*rootwait/m);
    expect(grubConfig(OPTIONS)).toMatch(/^\s*if linux .* ro gpt panic=10 /m);
  });

  it('passes to the kernel which slot failed to start in this boot', () => {
    const text = grubConfig(OPTIONS);
    expect(text).toMatch(/^set ml_skipped=$/m);
    expect(text).toContain('set ml_skipped="micro_linux.skipped=$1"');
    expect(text).toMatch(
      /^\s*if linux .* micro_linux\.boot=\$ml_reason \$ml_mark \$ml_skipped; then$/m,
    );
  });

  it("writes only through ml_save, which changes the disk's mark", () => {
    const text = grubConfig(OPTIONS);
    expect(text.match(/^.*save_env .*$/gm)).toEqual([
      '  if save_env --file "$ml_block" "$@" boot_mark; then set ml_saved=1; fi',
    ]);
    expect(text.match(/if ml_save /g)).toHaveLength(3);
  });

  it('loads nothing with a wrong hash, if GRUB has the module', () => {
    const lines = grubConfig(OPTIONS).split('\n');
    const at = lines.findIndex((line) => line.includes('hashsum'));
    expect(lines.slice(at - 2, at + 3).map((line) => line.trim())).toEqual([
      'if [ -n "$ml_hash" ]; then',
      'if [ -n "$slot_sums" ]; then',
      'if hashsum --hash sha256 --check "$ml_root$slot_sums" --prefix "$ml_root"; then true; else return 1; fi',
      'fi',
      'fi',
    ]);
    // Before anything is loaded.
    expect(lines.findIndex((line) => /^\s*if linux /.test(line))).toBeGreaterThan(at);
    expect(BIOS_MODULES).toEqual(expect.arrayContaining(['hashsum', 'gcry_sha256']));
  });

  it('starts a trial, and counts one, only if it could be saved', () => {
    const saves = grubConfig(OPTIONS).match(/^.*\bml_save\b.*$/gm) ?? [];
    const calls = saves.filter((line) => !/^(#|function)/.test(line));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter((line) => !/^\s*if ml_save /.test(line))).toEqual([]);
  });

  it('leaves room on the command line for the longest arguments of a slot', () => {
    const word = /if linux "\$ml_root\$slot_kernel" \$slot_args (.*); then/;
    const ours = (word.exec(grubConfig(OPTIONS))?.[1] ?? '')
      .replace('$ml_partuuid', OPTIONS.partUuids.A)
      .replace('$1', 'A')
      .replace('$ml_reason', 'new-round')
      .replace('$ml_mark', `micro_linux.mark=grubenv.copy:${FACTORY_MARK}`)
      .replace('$ml_skipped', 'micro_linux.skipped=B');
    const image = 'BOOT_IMAGE=(hd10,gpt2)/boot/vmlinuz';
    expect(`${image}  ${ours}`.length + MAX_ARGUMENTS_BYTES).toBeLessThan(2048);
  });

  it('reads only known variables from the blocks', () => {
    const reads = grubConfig(OPTIONS).match(/load_env --file .*(?=;)/g);
    expect(reads).toEqual([
      `load_env --file "$ml_env" ${BOOT_VARIABLES.join(' ')}`,
      'load_env --file "$ml_copy" saved_entry boot_success boot_counter fallback_counter A_ok B_ok boot_mark',
      'load_env --file "$ml_marker" confirmed',
    ]);
  });

  it('has a branch for every rule of the table, and the configured counter', () => {
    const text = grubFunctions(OPTIONS);
    for (const { reason } of STANDING_RULES) {
      expect(text).toContain(`if [ "$ml_reason" = ${reason} ]; then`);
    }
    for (const reason of BOOT_REASONS) {
      expect(text).toContain(`set ml_reason=${reason}`);
    }
    expect(text).toContain('set boot_counter=4\n    set fallback_counter=5');
  });

  it('continues by itself after an opened menu, and finally restarts', () => {
    const text = grubConfig(OPTIONS);
    expect(text).toContain('set timeout=60');
    expect(text.match(/ml_restart\n/g)).toHaveLength(4);
  });

  it('uses the serial port only if there is one and the firmware does not use it', () => {
    expect(grubConfig(OPTIONS)).toContain(`if [ "$grub_platform" = pc ]; then
  if serial --unit=1 --speed=57600; then
    terminal_input console serial`);
    expect(grubConfig({ ...OPTIONS, consoles: ['tty0'] })).not.toContain('terminal_');
    expect(grubConfig({ ...OPTIONS, consoles: ['ttyS0'] })).toContain('--speed=9600');
  });

  it('quotes the title', () => {
    expect(grubConfig(OPTIONS)).toContain(
      `menuentry 'Debian'\\''s 12 (bookworm): slot A' --id A {`,
    );
  });

  it.each([
    { timeoutSeconds: 0 },
    { timeoutSeconds: 61 },
    { timeoutSeconds: 1.5 },
    { title: 'two\nlines' },
    { partUuids: { A: 'nonsense', B: 'nonsense' } },
  ])('refuses %j', (bad) => {
    expect(() => grubConfig({ ...OPTIONS, ...bad })).toThrow(RangeError);
  });

  it('refuses a counter that GRUB cannot count', () => {
    expect(() => grubConfig({ ...OPTIONS, bootCounter: 8 })).toThrow(
      expect.objectContaining({ code: 'bad-tries' }),
    );
  });

  it('needs only embedded modules', () => {
    for (const name of ['loadenv', 'regexp', 'test', 'sleep', 'reboot', 'serial', 'true', 'echo']) {
      expect(BIOS_MODULES).toContain(name);
      expect(EFI_MODULES).toContain(name);
    }
    expect(grubConfig(OPTIONS)).not.toContain('insmod');
  });
});
