import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { raiseRollbackIndex, readRollbackIndex } from './rollback-index.ts';
import { temporaryDirectory } from './temporary-directory.testdata.ts';

describe('the rollback index', () => {
  it('only ever rises', () => {
    const directory = temporaryDirectory();
    expect(readRollbackIndex(directory)).toBe(0);
    expect(raiseRollbackIndex(directory, 5)).toBe(true);
    expect(raiseRollbackIndex(directory, 5)).toBe(false);
    expect(raiseRollbackIndex(directory, 3)).toBe(false);
    expect(readRollbackIndex(directory)).toBe(5);
  });

  it.each(['', 'x', '-1', '1.5', '99999999999', '2147483648', '5\n5\n'])(
    'does not count as 0 when it is damaged (%j), and the next mark repairs it',
    (text) => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, 'rollback-index'), text);
      expect(() => readRollbackIndex(directory)).toThrow(
        expect.objectContaining({ code: 'state-damaged' }),
      );
      expect(raiseRollbackIndex(directory, 2)).toBe(true);
      expect(readRollbackIndex(directory)).toBe(2);
    },
  );
});
