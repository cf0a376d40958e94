import { describe, expect, it } from 'vitest';
import { EspPath } from '../layout/paths.ts';
import { bootMark, FACTORY_MARK, isBootMark, MarkedBlock, nextMark } from './boot-mark.ts';

const SEED = 'ab'.repeat(16);

describe('a mark', () => {
  it('begins at count 00 of its seed', () => {
    expect(bootMark(new Uint8Array(16).fill(0xab))).toBe(`${SEED}-00`);
    expect(isBootMark(FACTORY_MARK)).toBe(true);
  });

  it.each([
    ['00', '01'],
    ['09', '0a'],
    ['0f', '10'],
    ['fe', 'ff'],
    ['ff', '00'],
  ])('counts from %s to %s', (before, after) => {
    expect(nextMark(`${SEED}-${before}`)).toBe(`${SEED}-${after}`);
  });

  it.each([undefined, '', 'x', `${SEED}-0`, `${SEED}-AA`, `${SEED}-00 `, `${SEED}0-00`])(
    'that is damaged (%s) starts again from the factory mark',
    (text) => {
      expect(isBootMark(text)).toBe(false);
      expect(nextMark(text)).toBe(nextMark(FACTORY_MARK));
    },
  );
});

it('names the files that contain it', () => {
  expect(EspPath.env).toBe(`/grub/${MarkedBlock.env}`);
  expect(EspPath.envCopy).toBe(`/grub/${MarkedBlock.copy}`);
});
