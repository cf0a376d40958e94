/**
 * Tiny guests for probes and tests: 16-bit code that a BIOS loads from a disk's first sector to
 * 0x7c00 and runs.
 */

const SECTOR_BYTES = 512;
/** SeaBIOS refuses a disk shorter than a cylinder. */
const DISK_BYTES = 1024 * 1024;
const COM1_DATA = 0x3f8;

/** The I/O port of the `isa-debug-exit` device, and the QEMU arguments that add it. */
export const DEBUG_EXIT_ARGUMENTS: readonly string[] = [
  '-device',
  'isa-debug-exit,iobase=0xf4,iosize=0x04',
];

/** The status QEMU ends with after {@link exitCode} wrote `value`. */
export function debugExitStatus(value: number): number {
  return (value << 1) | 1;
}

/** Writes `value` (0 to 127) to isa-debug-exit. */
export function exitCode(value: number): number[] {
  return [
    ...[0xb0, value], // mov al, value
    ...[0xe6, 0xf4], //  out 0xf4, al
    ...hang(),
  ];
}

/** Stops forever. */
export function hang(): number[] {
  return [
    0xf4, //           hlt
    ...[0xeb, 0xfd], // jmp to the hlt
  ];
}

/** Writes an ASCII text to the first serial port. */
export function printSerial(text: string): number[] {
  return [
    ...[0xba, COM1_DATA & 0xff, COM1_DATA >> 8], // mov dx, 0x3f8
    ...[...Buffer.from(text, 'ascii')].flatMap((byte) => [
      ...[0xb0, byte], // mov al, byte
      0xee, //           out dx, al
    ]),
  ];
}

/** Waits for a byte on the first serial port. */
export function awaitSerialInput(): number[] {
  return [
    ...[0xba, 0xfd, 0x03], // mov dx, 0x3fd (line status)
    0xec, //                  in al, dx
    ...[0xa8, 0x01], //       test al, 1 (data ready)
    ...[0x74, 0xfb], //       jz to the in
    ...[0xba, COM1_DATA & 0xff, COM1_DATA >> 8],
    0xec, //                  in al, dx
  ];
}

/**
 * A disk that boots into the code.
 *
 * @param code At most 510 bytes.
 */
export function bootableDisk(...code: readonly (readonly number[])[]): Buffer {
  const bytes = code.flat();
  if (bytes.length > SECTOR_BYTES - 2) {
    throw new RangeError(`a boot sector has 510 bytes of code, not ${bytes.length}`);
  }
  const disk = Buffer.alloc(DISK_BYTES);
  disk.set(bytes);
  disk.writeUInt16LE(0xaa55, SECTOR_BYTES - 2);
  return disk;
}
