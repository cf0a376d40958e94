import { expect, test } from 'vitest';
import { isKnownRelease } from './known-releases.ts';

test.each(['24.04', '24.04.1', '24.04.12'])('%s is known', (release) => {
  expect(isKnownRelease(release)).toBe(true);
});

// No live server of 26.04 was seen to be remastered, though there is a profile for the release.
test.each(['24.040', '24.10', '22.04.5', '26.04', '124.04', ''])('%j is not', (release) => {
  expect(isKnownRelease(release)).toBe(false);
});
