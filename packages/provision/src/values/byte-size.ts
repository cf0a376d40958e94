import { GIB, MIB } from '@micro-linux/core';
import { Problem, show } from './problem.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1024,
  M: MIB,
  G: GIB,
  T: 1024 * GIB,
};
const FORM = /^(\d+(?:\.\d+)?)(?:([KMGT])(?:iB)?)?$/;
const EXAMPLE = 'write a size such as 8G, 512M or a number of bytes, in whole MiB';

/**
 * Reads a size: `8G`, `8GiB`, `512M` (powers of 1024) or plain bytes.
 *
 * @returns bytes, a positive multiple of 1 MiB, or what is wrong.
 */
export function parseByteSize(size: string | number): number | Problem {
  const [, digits, unit = ''] = FORM.exec(String(size).trim()) ?? [];
  const factor = UNITS[unit];
  if (digits === undefined || factor === undefined) {
    const decimal = /^(\d+)([KMGT])B$/i.exec(String(size));
    return new Problem(
      `${show(size)} is not a size`,
      decimal
        ? `write ${decimal[1]}${decimal[2]?.toUpperCase()}: sizes count in powers of 1024`
        : EXAMPLE,
    );
  }
  const bytes = Number(digits) * factor;
  if (bytes <= 0 || !Number.isSafeInteger(Math.round(bytes))) {
    return new Problem(`${show(size)} is out of range`, EXAMPLE);
  }
  if (unit === '' && bytes < MIB) {
    return new Problem(
      `${show(size)} is a number of bytes, and no size here is that small`,
      `write ${digits}G, or ${digits}M: a number without a unit counts bytes`,
    );
  }
  if (bytes % MIB !== 0) {
    return new Problem(
      `${show(size)} is not a whole number of MiB`,
      `write ${formatByteSize(Math.ceil(bytes / MIB) * MIB)}`,
    );
  }
  return bytes;
}

/** Bytes, a multiple of 1 MiB, in the shortest form {@link parseByteSize} reads: `8G`, `1536M`. */
export function formatByteSize(bytes: number): string {
  return bytes % GIB === 0 ? `${bytes / GIB}G` : `${bytes / MIB}M`;
}
