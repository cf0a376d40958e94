import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from './temporary-directory.testdata.ts';
import { NO_FLOOR, readTrustFloor, stageTrustFloor, type TrustFloor } from './trust-floor.ts';

const [ONE, TWO] = ['1'.repeat(32), '2'.repeat(32)] as const;

const raise = (directory: string, floor: TrustFloor) => stageTrustFloor(directory, floor)?.();

describe('the trust floor', () => {
  it('is none on a new device', () => {
    expect(readTrustFloor(temporaryDirectory())).toEqual(NO_FLOOR);
  });

  it('only rises: the threshold, and the list of revoked keys', () => {
    const directory = temporaryDirectory();
    raise(directory, { threshold: 2, revoked: [TWO] });
    raise(directory, { threshold: 1, revoked: [ONE] });
    expect(readTrustFloor(directory)).toEqual({ threshold: 2, revoked: [ONE, TWO] });
    expect(stageTrustFloor(directory, { threshold: 1, revoked: [ONE] })).toBeUndefined();
    expect(stageTrustFloor(directory, NO_FLOOR)).toBeUndefined();
  });

  it('takes effect only after its second half', () => {
    const directory = temporaryDirectory();
    const keep = stageTrustFloor(directory, { threshold: 2, revoked: [] });
    expect(readTrustFloor(directory)).toEqual(NO_FLOOR);
    keep?.();
    expect(readTrustFloor(directory).threshold).toBe(2);
  });

  it.each([
    '',
    '{',
    '{"schema":1,"threshold":0,"revoked":[]}',
    '{"schema":1,"threshold":1,"revoked":["x"]}',
  ])('that is damaged (%j) is an error until it is rewritten', (text) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'trust-floor.json'), text);
    expect(() => readTrustFloor(directory)).toThrow(
      expect.objectContaining({ code: 'state-damaged' }),
    );
    raise(directory, NO_FLOOR);
    expect(readTrustFloor(directory)).toEqual(NO_FLOOR);
  });
});
