import { expect, it } from 'vitest';
import { isOrLike, parseOsRelease } from './os-release.ts';

it('reads quoted and bare values', () => {
  const os = parseOsRelease(
    'PRETTY_NAME="Linux Mint 22"\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n# no\n',
  );

  expect(os).toEqual({
    id: 'linuxmint',
    like: ['ubuntu', 'debian'],
    version: '22',
    codename: '',
    title: 'Linux Mint 22',
  });
  expect(isOrLike(os, 'ubuntu')).toBe(true);
});

it('accepts a host without an os-release file', () => {
  expect(parseOsRelease('')).toMatchObject({ id: '', title: 'an unknown system' });
});
