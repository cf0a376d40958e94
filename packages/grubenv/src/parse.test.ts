import { describe, expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { thrownBy } from '../test/thrown-by.ts';
import { getVariables } from './block.ts';
import { BLOCK_BYTES, HEADER, WARNING } from './format.ts';
import { type GrubEnvErrorCode, isDamagedBlock } from './grubenv-error.ts';
import { parseBlock } from './parse.ts';
import { serializeBlock } from './serialize.ts';

const variablesIn = (text: string, header?: string) =>
  Object.fromEntries(getVariables(parseBlock(makeBlock(text, header))));

describe('a valid block', () => {
  it('is read with the header of one line', () => {
    expect(parseBlock(makeBlock('a=1\n')).warning).toBe(false);
    expect(variablesIn('a=1\n')).toEqual({ a: '1' });
  });

  it('is read with the header of two lines', () => {
    expect(parseBlock(makeBlock('a=1\n', HEADER + WARNING)).warning).toBe(true);
    expect(variablesIn('a=1\n', HEADER + WARNING)).toEqual({ a: '1' });
  });

  it('may be empty', () => {
    expect(variablesIn('')).toEqual({});
  });

  it('may be full to the last byte', () => {
    const value = 'x'.repeat(BLOCK_BYTES - HEADER.length - 'a=\n'.length);
    expect(variablesIn(`a=${value}\n`)).toEqual({ a: value });
  });

  it('may contain comments anywhere, including lines of #', () => {
    expect(variablesIn('# one\na=1\n#####\nb=2\n# end\n')).toEqual({ a: '1', b: '2' });
  });

  it('may have values with =, spaces and #, and empty values', () => {
    expect(variablesIn('a=b=c\nb= x \nc=#\nd=\n')).toEqual({ a: 'b=c', b: ' x ', c: '#', d: '' });
  });

  it('may have backslashes, and newlines after backslashes', () => {
    expect(variablesIn('a=C:\\\\dir\\\\\nb=one\\\ntwo\n')).toEqual({
      a: 'C:\\dir\\',
      b: 'one\ntwo',
    });
  });

  it('keeps an unneeded backslash, which is not part of the value', () => {
    const bytes = makeBlock('a=\\x\n');
    expect(variablesIn('a=\\x\n')).toEqual({ a: 'x' });
    expect(serializeBlock(parseBlock(bytes))).toEqual(bytes);
  });

  it('continues a comment after a backslash, as GRUB does', () => {
    expect(variablesIn('# note\\\na=1\nb=2\n')).toEqual({ b: '2' });
  });

  it('keeps the order of its variables', () => {
    expect([...getVariables(parseBlock(makeBlock('z=1\na=2\n9=3\n'))).keys()]).toEqual([
      'z',
      'a',
      '9',
    ]);
  });

  it('keeps every byte that is not UTF-8', () => {
    const all = Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1));
    const plain = all.filter((char) => char !== '\n' && char !== '\\').join('');
    const bytes = makeBlock(`a=${plain}\n`);
    expect(variablesIn(`a=${plain}\n`)).toEqual({ a: plain });
    expect(serializeBlock(parseBlock(bytes))).toEqual(bytes);
  });

  it('may have an entry without a name, which grub-editenv can write', () => {
    expect(variablesIn('=1\n')).toEqual({ '': '1' });
  });

  it('may lie inside a larger buffer', () => {
    const large = Buffer.concat([Buffer.from('xyz'), makeBlock('a=1\n'), Buffer.from('xyz')]);
    expect(getVariables(parseBlock(large.subarray(3, 3 + BLOCK_BYTES))).get('a')).toBe('1');
  });
});

describe('a damaged block', () => {
  const cases: readonly [string, GrubEnvErrorCode, number, Buffer][] = [
    ['one byte short', 'wrong-size', 1023, makeBlock('').subarray(1)],
    ['one byte long', 'wrong-size', 1024, Buffer.concat([makeBlock(''), Buffer.from('#')])],
    ['empty', 'wrong-size', 0, Buffer.alloc(0)],
    ['all zero', 'missing-header', 0, Buffer.alloc(BLOCK_BYTES)],
    ['without a header', 'missing-header', 0, makeBlock('a=1\n', '')],
    ['a header with CRLF', 'missing-header', 0, makeBlock('', HEADER.replace('\n', '\r\n'))],
    ['a word on a line', 'entry-without-equals', 29, makeBlock('a=1\nword\nb=2\n')],
    ['an empty line', 'entry-without-equals', 25, makeBlock('\na=1\n')],
    ['a name with an escaped newline', 'entry-without-equals', 25, makeBlock('a\\\nb=1\n')],
    ['a word before the padding', 'entry-without-equals', 25, makeBlock('word')],
    ['a value up to the padding', 'unterminated-value', 29, makeBlock('a=1\nb=2')],
    ['a last newline that is escaped', 'unterminated-value', 25, makeBlock('a=1\\\n')],
    ['a backslash as the last byte', 'unterminated-value', 25, makeBlock(`a=${'x'.repeat(996)}\\`)],
    ['text after the padding', 'bytes-after-padding', 40, makeBlock(`a=1\n${'#'.repeat(11)}junk`)],
    ['zeros after the padding', 'bytes-after-padding', 40, makeBlock('###############\0\0')],
    ['a comment without an end', 'bytes-after-padding', 26, makeBlock('# note')],
    ['a zero in a value', 'nul-byte', 27, makeBlock('a=\0\n')],
    ['a zero in a comment', 'nul-byte', 26, makeBlock('#\0\n')],
    ['the same name twice', 'duplicate-name', 33, makeBlock('a=1\nb=2\na=3\n')],
  ];

  it.each(cases)('%s: %s at byte %i', (_what, code, offset, bytes) => {
    const error = thrownBy(() => parseBlock(bytes));
    expect({ code: error.code, offset: error.offset }).toEqual({ code, offset });
    expect(isDamagedBlock(error)).toBe(true);
    expect(error.message).not.toMatch(/[\0\n]/);
  });
});
