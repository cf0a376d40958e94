import { expect, test } from 'vitest';
import { profileOf } from '../../profiles/index.ts';
import { chooseProfile } from './choose-profile.ts';

const noble = profileOf('noble');
const silent = { reachable: false, url: 'x', reason: 'dns', why: 'no such name' } as const;

test('builds the default profile if its archive answers', () => {
  const answer = { reachable: true, url: 'x', inRelease: undefined } as const;
  expect(chooseProfile(noble, answer)).toEqual({
    profile: 'noble',
    line: 'building Ubuntu 24.04 LTS (noble): its archive answers',
  });
});

test('otherwise builds its fallback, and says so', () => {
  expect(chooseProfile(noble, silent)).toEqual({
    profile: 'bookworm',
    line: 'building the bookworm stand-in, because the archive of Ubuntu 24.04 LTS (noble) is unreachable (dns)',
  });
});

test('builds a profile without a fallback anyway, and the build reports the error', () => {
  expect(chooseProfile(profileOf('trixie'), silent)).toMatchObject({ profile: 'trixie' });
});
