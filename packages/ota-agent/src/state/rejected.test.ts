import { describe, expect, it } from 'vitest';
import { addRejection, clearRejection, readRejections } from './rejected.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

const rejection = (name: string, reason = 'it did not start') => ({
  manifestSha256: name,
  version: '2.0.0',
  slot: 'B' as const,
  failedAt: '2030-01-01T00:00:00.000Z',
  reason,
});
const names = (directory: string) => readRejections(directory).map((known) => known.manifestSha256);

describe('rejected images', () => {
  it('are recorded once each, with the last reason', () => {
    const directory = temporaryDirectory();
    addRejection(directory, rejection('a'));
    addRejection(directory, rejection('b'));
    addRejection(directory, rejection('a', 'it did not start again'));
    expect(readRejections(directory)).toEqual([
      rejection('b'),
      rejection('a', 'it did not start again'),
    ]);
  });

  it('are removed on request', () => {
    const directory = temporaryDirectory();
    addRejection(directory, rejection('a'));
    addRejection(directory, rejection('b'));
    clearRejection(directory, 'a');
    clearRejection(directory, 'unknown');
    expect(names(directory)).toEqual(['b']);
  });

  it('are sixteen at most; the oldest is removed first', () => {
    const directory = temporaryDirectory();
    for (let index = 0; index < 20; index += 1) {
      addRejection(directory, rejection(String(index)));
    }
    expect(names(directory)).toHaveLength(16);
    expect(names(directory).at(0)).toBe('4');
    expect(names(directory).at(-1)).toBe('19');
  });
});
