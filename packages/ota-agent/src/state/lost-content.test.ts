import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readApplyJournal } from './apply-journal.ts';
import { sampleHead } from './head.testdata.ts';
import { appendHistory, type HistoryEvent, readHistory } from './history.ts';
import { addRejection, readRejections } from './rejected.ts';
import { raiseRollbackIndex, readRollbackIndex } from './rollback-index.ts';
import { readSlotHead, writeSlotHead } from './slot-heads.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';
import { readTrial, readTrialFailure } from './trial.ts';
import { NO_FLOOR, readTrustFloor, stageTrustFloor } from './trust-floor.ts';

/** The memory of this process at address 0: a regular file whose reads fail with EIO. */
const BAD_SECTOR = '/proc/self/mem';

/** A state directory in which this file cannot be read. */
function lost(...path: readonly string[]): string {
  const directory = temporaryDirectory();
  symlinkSync(BAD_SECTOR, join(directory, ...path));
  return directory;
}

const EVENT: HistoryEvent = {
  event: 'installed',
  at: '2030-01-01T00:00:00.000Z',
  slot: 'B',
  version: '2.0.0',
};

describe('a state file that cannot be read', () => {
  it('does not count as rollback index 0, and the next mark rewrites it', () => {
    const directory = lost('rollback-index');
    expect(() => readRollbackIndex(directory)).toThrow(
      expect.objectContaining({ code: 'state-damaged' }),
    );
    expect(raiseRollbackIndex(directory, 2)).toBe(true);
    expect(readRollbackIndex(directory)).toBe(2);
  });

  it('does not lift the trust floor, and the next mark rewrites it', () => {
    const directory = lost('trust-floor.json');
    expect(() => readTrustFloor(directory)).toThrow(
      expect.objectContaining({ code: 'state-damaged' }),
    );
    stageTrustFloor(directory, NO_FLOOR)?.();
    expect(readTrustFloor(directory)).toEqual(NO_FLOOR);
  });

  it('makes the history not intact, and new entries follow', () => {
    const directory = lost('history.jsonl');
    expect(readHistory(directory)).toEqual({ entries: [], intact: false });
    appendHistory(directory, EVENT, { maximumBytes: 65_536 });
    expect(readHistory(directory)).toEqual({ entries: [EVENT], intact: false });
  });

  it('counts as no rejection, no trial and no journal until the next write', () => {
    expect(readTrial(lost('trial.json'))).toBeUndefined();
    expect(readApplyJournal(lost('apply.json'))).toBeUndefined();
    const directory = lost('rejected.json');
    expect(readRejections(directory)).toEqual([]);
    const { at: failedAt } = EVENT;
    const rejection = { manifestSha256: 'a', version: '2.0.0', failedAt, reason: '' };
    addRejection(directory, { ...rejection, slot: 'B' });
    expect(readRejections(directory)).toHaveLength(1);
  });

  it('still shows that a trial was ended', () => {
    expect(readTrialFailure(lost('trial-failure'))).toBe('');
  });

  it('makes the content of a slot unknown', () => {
    const directory = temporaryDirectory();
    writeSlotHead(directory, 'A', sampleHead());
    expect(readSlotHead(directory, 'A')).toBeDefined();
    symlinkSync(BAD_SECTOR, join(directory, 'slots/B.head'));
    expect(readSlotHead(directory, 'B')).toBeUndefined();
  });
});
