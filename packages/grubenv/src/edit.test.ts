import { describe, expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { thrownBy } from '../test/thrown-by.ts';
import { emptyBlock, freeBytes, getVariable, getVariables } from './block.ts';
import { fromUtf8, toUtf8 } from './byte-string.ts';
import { setVariable, setVariables, unsetVariable } from './edit.ts';
import { HEADER, WARNING } from './format.ts';
import { parseBlock } from './parse.ts';
import { serializeBlock } from './serialize.ts';

const edited = (text: string, edit: (block: ReturnType<typeof parseBlock>) => typeof block) =>
  Buffer.from(serializeBlock(edit(parseBlock(makeBlock(text))))).toString('latin1');
const expected = (text: string) => makeBlock(text).toString('latin1');

describe('setVariable', () => {
  it('appends a new variable after the last line, even if that is a comment', () => {
    expect(edited('a=1\n# end\n', (block) => setVariable(block, 'b', '2'))).toBe(
      expected('a=1\n# end\nb=2\n'),
    );
  });

  it('changes an existing variable in place and pads the freed space', () => {
    expect(edited('a=long\nb=2\n', (block) => setVariable(block, 'a', ''))).toBe(
      expected('a=\nb=2\n'),
    );
    expect(edited('a=\nb=2\n', (block) => setVariable(block, 'a', 'long'))).toBe(
      expected('a=long\nb=2\n'),
    );
  });

  it('does not confuse a name with its prefix or with a comment', () => {
    expect(edited('# a=0\nab=1\n', (block) => setVariable(block, 'a', '2'))).toBe(
      expected('# a=0\nab=1\na=2\n'),
    );
  });

  it('escapes backslash and newline with a backslash', () => {
    expect(edited('', (block) => setVariable(block, 'a', '\\\n='))).toBe(expected('a=\\\\\\\n=\n'));
  });

  it('does not modify its input block', () => {
    const before = emptyBlock();
    setVariable(before, 'a', '1');
    expect(getVariables(before).size).toBe(0);
  });

  it('fills the block to the last byte and refuses one byte more', () => {
    const free = freeBytes(emptyBlock());
    const full = setVariable(emptyBlock(), 'a', 'x'.repeat(free - 3));
    expect(freeBytes(full)).toBe(0);
    expect(serializeBlock(full).at(-1)).toBe(0x0a);
    const grow = thrownBy(() => setVariable(full, 'a', 'x'.repeat(free - 2)));
    const add = thrownBy(() => setVariable(full, 'b', ''));
    expect([grow.code, add.code]).toEqual(['block-full', 'block-full']);
    expect(grow.message).toContain('environment block too small');
  });

  it.each(['', '#a', 'a=b', 'a\nb', 'a\0', 'Ω'])('refuses the name %j', (name) => {
    expect(thrownBy(() => setVariable(emptyBlock(), name, '1')).code).toBe('invalid-name');
  });

  it.each(['a\0b', '€'])('refuses the value %j', (value) => {
    expect(thrownBy(() => setVariable(emptyBlock(), 'a', value)).code).toBe('invalid-value');
  });

  it('writes text outside Latin-1 as UTF-8', () => {
    const block = setVariable(emptyBlock(), 'a', fromUtf8('10 €'));
    expect(toUtf8(getVariable(block, 'a') ?? '')).toBe('10 €');
    expect(toUtf8('\xff')).toBeUndefined();
  });
});

describe('setVariables', () => {
  it('sets variables in the given order, from pairs or an object', () => {
    const bytes = makeBlock('a=1\nb=2\n', HEADER + WARNING);
    expect(serializeBlock(setVariables(emptyBlock(), { a: '1', b: '2' }))).toEqual(bytes);
    expect(
      serializeBlock(
        setVariables(emptyBlock(), [
          ['a', '0'],
          ['b', '2'],
          ['a', '1'],
        ]),
      ),
    ).toEqual(bytes);
  });
});

describe('unsetVariable', () => {
  it('moves the following lines up', () => {
    expect(edited('a=1\n# x\nb=2\n', (block) => unsetVariable(block, 'a'))).toBe(
      expected('# x\nb=2\n'),
    );
  });

  it('does nothing if the name is not set', () => {
    expect(edited('ab=1\n', (block) => unsetVariable(block, 'a'))).toBe(expected('ab=1\n'));
  });

  it('removes an entry without a name', () => {
    expect(edited('=1\n', (block) => unsetVariable(block, ''))).toBe(expected(''));
  });

  it('refuses a=1, which grub-editenv would match against a=1=2', () => {
    expect(thrownBy(() => unsetVariable(emptyBlock(), 'a=1')).code).toBe('invalid-name');
  });
});
