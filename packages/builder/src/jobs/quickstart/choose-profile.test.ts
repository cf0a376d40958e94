import { expect, test } from 'vitest';
import { profileOf } from '../../profiles/index.ts';
import { chooseProfile } from './choose-profile.ts';

const noble = profileOf('noble');
const silent = { reachable: false, url: 'x', reason: 'dns', why: 'no such name' } as const;

test('the default profile is built where its archive answers', () => {
  const answer = { reachable: true, url: 'x', inRelease: undefined } as const;
  expect(chooseProfile(noble, answer)).toEqual({
    profile: 'noble',
    line: 'building Ubuntu 24.04 LTS (noble): its archive answers',
  });
});

test('its stand-in where it does not, and that is said', () => {
  expect(chooseProfile(noble, silent)).toEqual({
    profile: 'bookworm',
    line: 'building the bookworm stand-in, because the archive of Ubuntu 24.04 LTS (noble) is unreachable (dns)',
  });
});

test('a profile without a stand-in is built all the same: the build says what is wrong', () => {
  expect(chooseProfile(profileOf('trixie'), silent)).toMatchObject({ profile: 'trixie' });
});
