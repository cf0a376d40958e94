import { exitCode } from './boot-sector.ts';

/** Where a BIOS loads the boot sector. */
const LOADED_AT = 0x7c00;

/** A partly working hypervisor fails on writes to EFER, page tables and CR0. */
const ENTER_LONG_MODE: readonly number[] = [
  0xfa, //                                cli
  0xfc, //                                cld
  ...[0x31, 0xc0], //                     xor ax, ax
  ...[0x8e, 0xd8], //                     mov ds, ax
  ...[0x8e, 0xc0], //                     mov es, ax
  ...[0x8e, 0xd0], //                     mov ss, ax
  ...[0xbc, 0x00, 0x7c], //               mov sp, 0x7c00
  ...[0xbf, 0x00, 0x10], //               mov di, 0x1000
  ...[0xb9, 0x00, 0x18], //               mov cx, 0x1800
  ...[0xf3, 0xab], //                     rep stosw (three empty pages)
  ...[0xc7, 0x06, 0x00, 0x10, 0x03, 0x20], // mov word [0x1000], 0x2003 (PML4 → PDPT)
  ...[0xc7, 0x06, 0x00, 0x20, 0x03, 0x30], // mov word [0x2000], 0x3003 (PDPT → PD)
  ...[0xc7, 0x06, 0x00, 0x30, 0x83, 0x00], // mov word [0x3000], 0x0083 (2 MiB at 0)
  ...[0x66, 0xb8, 0xa0, 0x00, 0x00, 0x00], // mov eax, 0xa0 (PAE, PGE)
  ...[0x0f, 0x22, 0xe0], //               mov cr4, eax
  ...[0x66, 0xb8, 0x00, 0x10, 0x00, 0x00], // mov eax, 0x1000
  ...[0x0f, 0x22, 0xd8], //               mov cr3, eax
  ...[0x66, 0xb9, 0x80, 0x00, 0x00, 0xc0], // mov ecx, 0xc0000080 (EFER)
  ...[0x0f, 0x32], //                     rdmsr
  ...[0x0d, 0x00, 0x01], //               or ax, 0x100 (LME)
  ...[0x0f, 0x30], //                     wrmsr
  ...[0x0f, 0x20, 0xc0], //               mov eax, cr0
  ...[0x66, 0x0d, 0x01, 0x00, 0x00, 0x80], // or eax, 0x80000001 (PG, PE)
  ...[0x0f, 0x22, 0xc0], //               mov cr0, eax
];

/** 64-bit code that computes and stores through the page tables for a million rounds. */
const WORK: readonly number[] = [
  ...[0x48, 0xb8, 0x01, 0, 0, 0, 0x01, 0, 0, 0], // mov rax, 0x100000001
  ...[0xb9, 0x40, 0x42, 0x0f, 0x00], //   mov ecx, 1000000
  ...[0x48, 0x01, 0xc2], //               add rdx, rax
  ...[0x48, 0x89, 0x14, 0x25, 0x00, 0x40, 0x00, 0x00], // mov [0x4000], rdx
  ...[0xff, 0xc9], //                     dec ecx
  ...[0x75, 0xf1], //                     jnz to the add
];

/** A null descriptor, and one for 64-bit code. */
const DESCRIPTORS: readonly number[] = [
  ...[0, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 0, 0, 0, 0, 0x9a, 0x20, 0],
];

/**
 * Code for the start of a boot sector: turns on paging and long mode like a kernel, computes there,
 * and writes `value` (0 to 127) to isa-debug-exit.
 */
export function longModeGuest(value: number): number[] {
  const jumps = 5 + 5;
  const work = [...WORK, ...exitCode(value)];
  const longCode = LOADED_AT + ENTER_LONG_MODE.length + jumps;
  const descriptors = longCode + work.length;
  const table = descriptors + DESCRIPTORS.length;
  return [
    ...ENTER_LONG_MODE,
    ...[0x0f, 0x01, 0x16, ...word(table)], // lgdt [table]
    ...[0xea, ...word(longCode), 0x08, 0x00], // jmp 8:longCode
    ...work,
    ...DESCRIPTORS,
    ...[...word(DESCRIPTORS.length - 1), ...word(descriptors), 0, 0],
  ];
}

function word(value: number): [number, number] {
  return [value & 0xff, value >> 8];
}
