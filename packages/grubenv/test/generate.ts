import fc from 'fast-check';
import { freeBytes } from '../src/block.ts';
import { BLOCK_BYTES, HEADER, WARNING } from '../src/format.ts';
import { parseBlock } from '../src/parse.ts';
import type { Operation } from './grub-editenv.ts';
import { makeBlock } from './make-block.ts';

// Few names, so that sequences use them again; some are the beginning of another.
const commonName = fc.constantFrom('a', 'ab', 'abc', 'b', 'saved_entry', 'boot_success');
const oddName = fc.constantFrom('-x', 'A B', 'x#', 'back\\', 'b\\s', '\\', '"', '\xc3\xa9', '\xff');
const name = fc.oneof({ weight: 5, arbitrary: commonName }, { weight: 1, arbitrary: oddName });

const special = fc.constantFrom('=', '\\', '\n', '#', ' ', "'", '"', '$', '\t', '\r');
const utf8 = fc.constantFrom('\xc3\xa9', '\xe2\x82\xac');
const anyByte = fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code));
const letter = fc.constantFrom('0', '1', 'A', 'z');
const pieces = (maxLength: number) =>
  fc.array(fc.oneof(special, utf8, anyByte, letter), { maxLength }).map((parts) => parts.join(''));
const longValue = fc
  .tuple(fc.constantFrom('x', '\\', '\n', '#', 'é'), fc.nat({ max: 930 }))
  .map(([char, count]) => char.repeat(count));
const value = fc.oneof(
  { weight: 6, arbitrary: pieces(12) },
  { weight: 2, arbitrary: pieces(60) },
  { weight: 1, arbitrary: longValue },
  { weight: 2, arbitrary: fc.constantFrom('', '0', '1', 'A', 'B') },
);

const set = fc
  .array(fc.tuple(name, value), { minLength: 1, maxLength: 4 })
  .map((pairs): Operation => ({ set: pairs }));
const unset = fc
  .array(fc.oneof(name, fc.constant('')), { minLength: 1, maxLength: 3 })
  .map((names): Operation => ({ unset: names }));

/** What to do with a block. */
export const operations: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: set }, { weight: 1, arbitrary: unset }),
  { minLength: 1, maxLength: 5 },
);

const header = fc.constantFrom(HEADER, HEADER + WARNING);

/** A block without variables, with either header. */
export const blankBlock: fc.Arbitrary<Buffer> = header.map((text) => makeBlock('', text));

const comment = fc.constantFrom('#\n', '# x\n', '# a=1\n', '#####\n', '#\\\\\n', '# on\\\na=2\n');
const oddEntry = fc.constantFrom(
  'a=\n',
  'ab=\\x\\y\n',
  'b=1\\\n\\\n\n',
  '=no name\n',
  'back\\=\\\\\n',
);
const hashes = fc.nat({ max: 600 }).map((count) => `${'#'.repeat(count + 1)}\n`);

/** A sound block that no tool wrote: comments, needless escapes, lines of padding in the middle. */
export const oddBlock: fc.Arbitrary<Buffer> = fc
  .tuple(
    header,
    fc.uniqueArray(fc.oneof(comment, oddEntry, { weight: 1, arbitrary: hashes }), { maxLength: 8 }),
  )
  .filter(([text, lines]) => text.length + lines.join('').length <= BLOCK_BYTES)
  .map(([text, lines]) => makeBlock(lines.join(''), text));

/** A block with 0 to 40 bytes free, so that every operation is near the edge. */
export const nearlyFullBlock: fc.Arbitrary<Buffer> = fc
  .tuple(oddBlock, fc.nat({ max: 40 }))
  .filter(([bytes, free]) => freeBytes(parseBlock(bytes)) >= free + 'fill=\n'.length)
  .map(([bytes, free]) => {
    const text = bytes.toString('latin1');
    const used = BLOCK_BYTES - freeBytes(parseBlock(bytes));
    const fill = 'f'.repeat(BLOCK_BYTES - used - free - 'fill=\n'.length);
    return makeBlock(`fill=${fill}\n`, text.slice(0, used));
  });

/** Sets of one variable each, of a few bytes: these end on the last byte now and then. */
export const smallSets: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(name, pieces(12)).map((pair): Operation => ({ set: [pair] })),
    },
    { weight: 1, arbitrary: unset },
  ),
  { minLength: 1, maxLength: 6 },
);
