import { expect, test } from 'vitest';
import { sourceDateEpoch } from './source-date-epoch.ts';

test.each([undefined, '', ' '])('%j means the default', (text) => {
  expect(sourceDateEpoch({ SOURCE_DATE_EPOCH: text })).toBe(1_767_225_600);
});

test.each([0, 1_700_000_000])('accepts %d seconds', (seconds) => {
  expect(sourceDateEpoch({ SOURCE_DATE_EPOCH: String(seconds) })).toBe(seconds);
});

test.each(['abc', '-1', '1e9', '1.5', '0x10', '2026-01-01', '99999999999', '1700000000s'])(
  '%j is refused, and the variable named',
  (text) => {
    expect(() => sourceDateEpoch({ SOURCE_DATE_EPOCH: text })).toThrow(
      expect.objectContaining({
        code: 'epoch-invalid',
        exitCode: 2,
        message: expect.stringContaining('SOURCE_DATE_EPOCH'),
      }),
    );
  },
);
