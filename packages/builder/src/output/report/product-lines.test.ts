import { expect, it } from 'vitest';
import { productLines } from './product-lines.ts';

it('shows what each key of the config adds', () => {
  expect(productLines({ services: { enable: ['nginx'] }, overlay: ['overlay (3 files)'] })).toEqual(
    [
      'what the config adds:',
      '  services:',
      '    enable:',
      '      - nginx',
      '  overlay:',
      '    - overlay (3 files)',
    ],
  );
});

it('shows nothing for a config that adds nothing, and for the record of an older builder', () => {
  expect(productLines({})).toEqual([]);
  expect(productLines(undefined)).toEqual([]);
});

it('escapes control characters', () => {
  expect(productLines({ name: 'a\u001b[2J' }).join('\n')).not.toContain('\u001b');
});
