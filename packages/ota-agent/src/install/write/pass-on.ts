import { BOOT_CODE_BYTES } from '@micro-linux/provision';

/**
 * Boot code of a disk that is not whole yet. A BIOS starts whatever disk has a partition table's
 * signature, and would hang in zeros; this tells it to go on to what comes next in its order:
 * `int 0x18`. A BIOS that comes back from there halts: `hlt`, and `jmp` back to it.
 */
export const PASS_ON_CODE: Uint8Array = Buffer.concat(
  [Buffer.from([0xcd, 0x18, 0xf4, 0xeb, 0xfd])],
  BOOT_CODE_BYTES,
);
