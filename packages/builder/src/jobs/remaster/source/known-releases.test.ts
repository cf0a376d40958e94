import { expect, test } from 'vitest';
import { isKnownRelease } from './known-releases.ts';

test.each(['24.04', '24.04.1', '24.04.12'])('recognizes %s', (release) => {
  expect(isKnownRelease(release)).toBe(true);
});

// Remastering was not tested with a live server of 26.04, though there is a profile for it.
test.each(['24.040', '24.10', '22.04.5', '26.04', '124.04', ''])(
  'does not recognize %j',
  (release) => {
    expect(isKnownRelease(release)).toBe(false);
  },
);
