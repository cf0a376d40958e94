/**
 * A kernel of 2 KiB that GRUB's `linux` loads like any other: it prints its command line to COM1
 * and ends QEMU (isa-debug-exit at port 0xf4). Other stories boot real kernels.
 */

/** Sectors of real-mode code after the boot sector (Linux/x86 boot protocol, `setup_sects`). */
const SETUP_SECTORS = 1;
const SECTOR = 512;

/** Line status register of a 16550: the transmitter takes a byte; the transmitter is empty. */
const THR_EMPTY = 0x20;
const ALL_SENT = 0x40;

/**
 * 32-bit code, entered with %esi at boot_params; assembled by GNU as from:
 *
 *     …                             # prints "KERNEL "
 *     mov  0x228(%esi), %ebx        # cmd_line_ptr
 * next: mov (%ebx), %cl
 *     test %cl, %cl ; je done
 *     …                             # prints %cl
 *     inc  %ebx ; jmp next
 * done: …                           # prints "\n", waits until all is sent
 *     mov  $0xf4, %dx ; xor %eax, %eax ; out %al, (%dx)
 * stop: hlt ; jmp stop
 */
const PROGRAM = Buffer.from([
  ...print('KERNEL '),
  ...[0x8b, 0x9e, 0x28, 0x02, 0x00, 0x00], // mov 0x228(%esi),%ebx
  ...[0x8a, 0x0b], // next: mov (%ebx),%cl
  ...[0x84, 0xc9], // test %cl,%cl
  ...[0x74, 0x13], // je done
  ...wait(THR_EMPTY),
  ...[0x66, 0xba, 0xf8, 0x03], // mov $0x3f8,%dx
  ...[0x88, 0xc8], // mov %cl,%al
  ...[0xee], // out %al,(%dx)
  ...[0x43], // inc %ebx
  ...[0xeb, 0xe7], // jmp next
  ...print('\n'), // done:
  ...wait(ALL_SENT),
  ...[0x66, 0xba, 0xf4, 0x00], // mov $0xf4,%dx
  ...[0x31, 0xc0], // xor %eax,%eax
  ...[0xee], // out %al,(%dx)
  ...[0xf4], // stop: hlt
  ...[0xeb, 0xfd], // jmp stop
]);

/** The bytes of the stub as /boot/vmlinuz. */
export function stubKernel(): Buffer {
  const image = Buffer.alloc((1 + SETUP_SECTORS) * SECTOR + 2 * SECTOR);
  image.writeUInt8(SETUP_SECTORS, 0x1f1);
  image.writeUInt32LE((2 * SECTOR) / 16, 0x1f4); // syssize, in 16-byte units
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202, 'latin1');
  image.writeUInt16LE(0x0206, 0x206); // protocol 2.06: the first with cmdline_size
  image.writeUInt8(0x01, 0x211); // LOADED_HIGH
  image.writeUInt32LE(0x100000, 0x214); // code32_start
  image.writeUInt32LE(0x7fffffff, 0x22c); // initrd_addr_max
  image.writeUInt32LE(2047, 0x238); // cmdline_size
  PROGRAM.copy(image, (1 + SETUP_SECTORS) * SECTOR);
  return image;
}

/** Code that writes a few characters to COM1, each when the port takes it: a reader may be slow. */
function print(text: string): number[] {
  return Array.from(text).flatMap((character) => [
    ...wait(THR_EMPTY),
    ...[0x66, 0xba, 0xf8, 0x03], // mov $0x3f8,%dx
    ...[0xb0, character.charCodeAt(0)], // mov $c,%al
    ...[0xee], // out %al,(%dx)
  ]);
}

/** Code that waits for a bit of COM1's line status register. */
function wait(bit: number): number[] {
  return [
    ...[0x66, 0xba, 0xfd, 0x03], // mov $0x3fd,%dx
    ...[0xec], // again: in (%dx),%al
    ...[0xa8, bit], // test $bit,%al
    ...[0x74, 0xfb], // je again
  ];
}
