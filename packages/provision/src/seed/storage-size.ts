import { Problem, show } from '../values/problem.ts';

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
};
const FORMS = 'write bytes, 512M, 4G or 50%; units count in powers of 1024';

/** A size as curtin reads it. */
export type StorageSize =
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** A share of the disk, in percent. */
  | { readonly kind: 'share'; readonly percent: number }
  /** -1: the remaining space. */
  | { readonly kind: 'rest' };

/** Reads a size by the rules of curtin and Subiquity, or says why they cannot read it. */
export function parseStorageSize(size: unknown): StorageSize | Problem {
  if (typeof size === 'number') {
    if (size < 0) {
      return { kind: 'rest' };
    }
    return Number.isInteger(size) && size > 0
      ? { kind: 'bytes', bytes: size }
      : new Problem(`${size} is not a size`, FORMS);
  }
  if (typeof size !== 'string') {
    return new Problem('is not a size', FORMS);
  }
  if (size.includes('%')) {
    // What Python's int() reads: surrounding blanks, a sign.
    return /^\s*\+?\d+\s*%$/.test(size)
      ? { kind: 'share', percent: Number.parseInt(size, 10) }
      : new Problem(`${show(size)} is not a percentage of a disk`, 'write a whole number: 50%');
  }
  const bytes = readBytes(size);
  if (bytes !== undefined) {
    return { kind: 'bytes', bytes };
  }
  return new Problem(`${show(size)} is a size the installer cannot read`, suggestion(size));
}

function readBytes(size: string): number | undefined {
  // What Python's float() reads, except inf and nan: 1e3, 1_000.
  const [, digits = '', unit = ''] =
    /^\s*\+?((?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([KMGT]?)B?$/.exec(size) ?? [];
  const bytes = Number(digits.replaceAll('_', '')) * (FACTORS[unit] ?? Number.NaN);
  return digits !== '' && Number.isInteger(bytes) && bytes > 0 ? bytes : undefined;
}

function suggestion(size: string): string {
  if (/^-\d+$/.test(size.trim())) {
    return 'write -1 without quotes';
  }
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt])i?b?\s*$/i.exec(size) ?? [];
  const candidate = `${digits}${unit?.toUpperCase()}`;
  return digits === undefined || readBytes(candidate) === undefined
    ? FORMS
    : `write ${candidate}: it counts in powers of 1024`;
}
