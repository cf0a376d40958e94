import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  emptyBlock,
  fromUtf8,
  getVariables,
  parseBlock,
  serializeBlock,
  setVariable,
  setVariables,
  unsetVariable,
} from '../src/index.ts';
import { makeBlock } from './make-block.ts';
import { thrownBy } from './thrown-by.ts';

// Written by GRUB's save_env in QEMU: fixtures/README.md. The edits below are the same as in
// fixtures/grub.cfg.
const directory = join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => readFileSync(join(directory, `${name}.env`));

const ESCAPES = {
  equals: 'a=b==c=',
  spaces: '  two  words  ',
  backslash: 'C:\\dir\\\\end\\',
  quotes: 'it\'s "quoted"',
  newline: 'first\nsecond\n',
  hashes: '#not a comment#',
  utf8: fromUtf8('Größe €'),
  dollar: '$not_expanded',
  empty: '',
};

describe('blocks that GRUB wrote', () => {
  it.each(readdirSync(directory).filter((name) => name.endsWith('.env')))(
    '%s comes out byte for byte as it went in',
    (name) => {
      const bytes = readFileSync(join(directory, name));
      expect(serializeBlock(parseBlock(bytes))).toEqual(bytes);
    },
  );

  it('contain the values that GRUB set', () => {
    expect(Object.fromEntries(getVariables(parseBlock(fixture('escapes'))))).toEqual(ESCAPES);
  });

  it('show that GRUB reads what it wrote', () => {
    const readback = `${Object.values(ESCAPES).join('|')}|`;
    expect(Object.fromEntries(getVariables(parseBlock(fixture('verdict'))))).toEqual({
      readback,
      exactly_full: 'taken',
      one_more: 'refused',
      finished: 'yes',
    });
  });
});

describe('edits give the same bytes as in GRUB', () => {
  it('for values that need an escape', () => {
    expect(serializeBlock(setVariables(emptyBlock(), ESCAPES))).toEqual(fixture('escapes'));
  });

  it('for a header of one line and comments', () => {
    const before = makeBlock('# a comment in front\ngreeting=hello\\\\world\n########\nlast=one\n');
    const after = setVariables(parseBlock(before), {
      greeting: 'a much longer greeting than before',
      saw_escape: 'yes',
      second: 'new',
    });
    expect(serializeBlock(after)).toEqual(fixture('oldheader'));
  });

  it('for values that grow, shrink and disappear', () => {
    let block = setVariables(emptyBlock(), {
      longer: 'short',
      shorter: 'this one shrinks',
      gone: 'bye',
      stays: 'here',
    });
    block = setVariables(block, { longer: 'now with many more characters', shorter: 'x' });
    block = unsetVariable(unsetVariable(block, 'gone'), 'never_was');
    expect(serializeBlock(setVariable(block, 'appended', 'last'))).toEqual(fixture('edits'));
  });

  it('for a full block', () => {
    const block = setVariable(emptyBlock(), 'fill', `${'f'.repeat(923)}x`);
    expect(serializeBlock(block)).toEqual(fixture('full'));
    expect(thrownBy(() => setVariable(block, 'too_much', '#')).code).toBe('block-full');
  });
});
