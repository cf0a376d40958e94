import type { PyFloat, PyInt, PyTimestamp } from './value.ts';

/** Why a text does not match its tag or form. */
export class NotInForm extends Error {}

/** Longest decimal number that Python's int() reads, in digits. */
const MAXIMUM_DIGITS = 4300;

const BOOLS: Readonly<Record<string, boolean>> = {
  yes: true,
  no: false,
  true: true,
  false: false,
  on: true,
  off: false,
};

export function boolOf(text: string): boolean {
  const value = Object.hasOwn(BOOLS, text.toLowerCase()) ? BOOLS[text.toLowerCase()] : undefined;
  if (value === undefined) {
    throw new NotInForm();
  }
  return value;
}

/** `12`, `0b1`, `010` (8), `0x1F`, `1_000`, `1:30` (90). */
export function intOf(text: string): PyInt {
  const plain = text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1n : 1n;
  const digits = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  if (digits === '') {
    throw new NotInForm();
  }
  return { type: 'int', value: sign * magnitude(digits) };
}

function magnitude(digits: string): bigint {
  if (digits === '0') {
    return 0n;
  }
  if (digits.startsWith('0b')) {
    return numeral(digits.slice(2), '0b');
  }
  if (digits.startsWith('0x')) {
    return numeral(digits.slice(2), '0x');
  }
  if (digits.startsWith('0')) {
    return numeral(digits, '0o');
  }
  return digits.split(':').reduce((sum, part) => sum * 60n + numeral(part, ''), 0n);
}

/** The result of Python's int(): surrounding blanks and one more sign are allowed. */
function numeral(text: string, radix: '' | '0b' | '0o' | '0x'): bigint {
  const match = /^\s*([-+]?)([0-9a-f]+)\s*$/i.exec(text);
  if (!match || (radix === '' && (match[2] ?? '').length > MAXIMUM_DIGITS)) {
    throw new NotInForm();
  }
  try {
    return (match[1] === '-' ? -1n : 1n) * BigInt(radix + match[2]);
  } catch {
    throw new NotInForm();
  }
}

/** `1.5`, `.5`, `1.e+3`, `.inf`, `1:30.5` (90.5). */
export function floatOf(text: string): PyFloat {
  const plain = text.replaceAll('_', '').toLowerCase();
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  if (digits === '.inf') {
    return { type: 'float', value: sign * Number.POSITIVE_INFINITY };
  }
  if (digits === '.nan') {
    return { type: 'float', value: Number.NaN };
  }
  const value = digits.includes(':')
    ? // From the last part, in PyYAML's order of addition.
      digits
        .split(':')
        .map(decimal)
        .reverse()
        .reduce((sum, part, index) => sum + part * 60 ** index, 0)
    : decimal(digits);
  return { type: 'float', value: sign * value };
}

/** The result of Python's float(). */
function decimal(text: string): number {
  const plain = text.trim();
  const word = /^[-+]?(inf(?:inity)?|nan)$/.exec(plain);
  if (word) {
    const value = word[1] === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
    return plain.startsWith('-') ? -value : value;
  }
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(plain)) {
    throw new NotInForm();
  }
  return Number(plain);
}

const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?)?\n?$/;

/** A date, or a date and time, that exists. */
export function timestampOf(text: string): PyTimestamp {
  const match = TIMESTAMP.exec(text);
  if (!match) {
    throw new NotInForm();
  }
  const [, year = '', month = '', day = '', hour, minute = '', second = ''] = match;
  const [fraction = '', zone, sign, zoneHour = '', zoneMinute = '0'] = match.slice(7);
  if (!isDate(Number(year), Number(month), Number(day))) {
    throw new NotInForm();
  }
  const date = `${year}-${two(month)}-${two(day)}`;
  if (hour === undefined) {
    return { type: 'timestamp', text: date };
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw new NotInForm();
  }
  const micro = fraction.slice(0, 6).padEnd(6, '0');
  const time = `${two(hour)}:${minute}:${second}${Number(micro) === 0 ? '' : `.${micro}`}`;
  const minutes =
    sign === undefined ? 0 : (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
  if (Math.abs(minutes) >= 24 * 60) {
    throw new NotInForm();
  }
  const far = Math.abs(minutes);
  const offset =
    zone === undefined
      ? ''
      : `${minutes < 0 ? '-' : '+'}${two(String(Math.floor(far / 60)))}:${two(String(far % 60))}`;
  return { type: 'timestamp', text: `${date}T${time}${offset}` };
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && date.getUTCDate() === day;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}

/** The result of Python's base64 decoder, which skips characters outside the alphabet. */
export function bytesOf(text: string): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/[^\x00-\x7f]/.test(text)) {
    throw new NotInForm();
  }
  const letters = text.replaceAll(/[^A-Za-z0-9+/=]/g, '');
  const end = /=/.exec(letters)?.index ?? letters.length;
  const rest = end % 4;
  const padding = letters.length - end;
  if (rest === 1 || (rest > 1 && padding < 4 - rest)) {
    throw new NotInForm();
  }
  return Uint8Array.from(Buffer.from(letters.slice(0, end), 'base64'));
}
