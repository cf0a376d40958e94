import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { listAsBytes } from '../src/cli/list.ts';
import {
  type EnvBlock,
  freeBytes,
  GrubEnvError,
  parseBlock,
  serializeBlock,
  setVariables,
  unsetVariable,
} from '../src/index.ts';
import { blankBlock, nearlyFullBlock, oddBlock, operations, smallSets } from './generate.ts';
import {
  grubEditenvMissing,
  type Operation,
  type Outcome,
  runGrubEditenv,
} from './grub-editenv.ts';

/** Sequences for each of three kinds of block, BATCH of them in one shell. By thousands: GRUBENV_SEQUENCES=5000. */
const SEQUENCES = Number(process.env['GRUBENV_SEQUENCES'] ?? 200);
const BATCH = 20;

const missing = grubEditenvMissing();
if (missing !== undefined) {
  console.warn(`SKIPPED, nothing was compared with real grub-editenv: ${missing}`);
}

let directory = '';
beforeAll(() => {
  // grub-editenv syncs after every write: in memory that costs nothing.
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  directory = mkdtempSync(join(parent, 'grubenv-compare-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The same as runGrubEditenv, by this package. */
function runOurs(before: Buffer, sequence: readonly Operation[]): Outcome {
  let block = parseBlock(before);
  const exitCodes = sequence.map((operation) => {
    try {
      block = apply(block, operation);
      return 0;
    } catch (error) {
      // The only failure that grub-editenv knows too; any other is a finding.
      if (error instanceof GrubEnvError && error.code === 'block-full') {
        return 1;
      }
      throw error;
    }
  });
  return {
    bytes: Buffer.from(serializeBlock(block)),
    exitCodes,
    listing: Buffer.from(listAsBytes(block)),
  };
}

function apply(block: EnvBlock, operation: Operation): EnvBlock {
  return 'set' in operation
    ? setVariables(block, operation.set)
    : operation.unset.reduce(unsetVariable, block);
}

/** Compares many sequences and tells how many met which edge. */
function compare(
  blocks: fc.Arbitrary<Buffer>,
  sequences: fc.Arbitrary<readonly Operation[]>,
): { compared: number; refused: number; exactlyFull: number } {
  const seen = { compared: 0, refused: 0, exactlyFull: 0 };
  const batch = fc.array(fc.record({ before: blocks, operations: sequences }), {
    minLength: BATCH,
    maxLength: BATCH,
  });
  fc.assert(
    fc.property(batch, (cases) => {
      const real = runGrubEditenv(directory, cases);
      for (const [i, { before, operations }] of cases.entries()) {
        const ours = runOurs(before, operations);
        expect(readable(ours), `case ${i} of the batch`).toEqual(readable(real[i]));
        seen.compared++;
        seen.refused += ours.exitCodes.includes(1) ? 1 : 0;
        seen.exactlyFull += freeBytes(parseBlock(ours.bytes)) === 0 ? 1 : 0;
      }
    }),
    { numRuns: Math.ceil(SEQUENCES / BATCH) },
  );
  return seen;
}

/** Text instead of bytes, for a difference that can be read. */
function readable(outcome: Outcome | undefined) {
  return (
    outcome && {
      exitCodes: outcome.exitCodes,
      block: outcome.bytes.toString('latin1'),
      listing: outcome.listing.toString('latin1'),
    }
  );
}

describe('gives the same bytes as the real grub-editenv', () => {
  const skipWhereMissing = (context: TestContext) =>
    context.skip(missing !== undefined, missing ?? '');

  it('on blank blocks', (context) => {
    skipWhereMissing(context);
    const seen = compare(blankBlock, operations);
    expect(seen.compared).toBeGreaterThanOrEqual(SEQUENCES);
  });

  it('on blocks with comments, unneeded escapes and odd padding', (context) => {
    skipWhereMissing(context);
    const seen = compare(oddBlock, operations);
    expect(seen.compared).toBeGreaterThanOrEqual(SEQUENCES);
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('on blocks that are nearly full, full, and too full', (context) => {
    skipWhereMissing(context);
    const seen = compare(nearlyFullBlock, smallSets);
    expect(seen.compared).toBeGreaterThanOrEqual(SEQUENCES);
    expect(seen.refused).toBeGreaterThan(SEQUENCES / 20);
    expect(seen.exactlyFull).toBeGreaterThan(0);
  });
});
