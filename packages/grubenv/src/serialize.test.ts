import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeBlock } from '../test/make-block.ts';
import { thrownBy } from '../test/thrown-by.ts';
import { emptyBlock, getVariables } from './block.ts';
import { setVariables } from './edit.ts';
import { HEADER, WARNING } from './format.ts';
import { parseBlock } from './parse.ts';
import { serializeBlock } from './serialize.ts';

it('writes the newer header into an empty block', () => {
  expect(serializeBlock(emptyBlock())).toEqual(makeBlock('', HEADER + WARNING));
});

it('round-trips variables', () => {
  const byteString = (min: number) =>
    fc
      .uint8Array({ min: 1, minLength: min, maxLength: 20 })
      .map((bytes) => Buffer.from(bytes).toString('latin1'));
  const name = byteString(1).filter((text) => !/^#|[=\n]/.test(text));
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, byteString(0)), { selector: (pair) => pair[0], maxLength: 12 }),
      (pairs) => {
        const bytes = serializeBlock(setVariables(emptyBlock(), pairs));
        expect([...getVariables(parseBlock(bytes))]).toEqual(pairs);
      },
    ),
  );
});

it('reproduces the bytes of any block that parses', () => {
  const piece = fc.constantFrom(
    'a=1\n',
    '=\n',
    'b=\\\\\n',
    'c=x\\\ny\n',
    '# x\n',
    '##\n',
    '\\',
    '#',
    '\n',
    'd=',
    '\xff',
  );
  let sound = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const bytes = makeBlock(pieces.join(''));
      let block: ReturnType<typeof parseBlock>;
      try {
        block = parseBlock(bytes);
      } catch {
        return;
      }
      sound++;
      expect(Buffer.from(serializeBlock(block)).equals(bytes)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(sound).toBeGreaterThan(100);
});

it('refuses a hand-made block that is too long or invalid', () => {
  const comment = (raw: string) => ({ warning: true, lines: [{ kind: 'comment', raw } as const] });
  expect(thrownBy(() => serializeBlock(comment(`#${'x'.repeat(1024)}\n`))).code).toBe('block-full');
  expect(thrownBy(() => serializeBlock(comment('no comment\n'))).code).toBe('entry-without-equals');
});
