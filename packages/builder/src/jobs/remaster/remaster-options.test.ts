import { expect, test } from 'vitest';
import { chosenSource } from './remaster-options.ts';

test('flags override the environment; without a source, nothing is remastered', () => {
  const env = { SOURCE_ISO: ' a.iso ', SOURCE_ISO_SHA256: 'aa' };
  expect(chosenSource({}, env)).toEqual({ path: 'a.iso', sha256: 'aa' });
  expect(chosenSource({ sourceIso: 'b.iso', sourceSha256: 'bb' }, env)).toEqual({
    path: 'b.iso',
    sha256: 'bb',
  });
  expect(chosenSource({}, { SOURCE_ISO: '', SOURCE_ISO_SHA256: '' })).toBeUndefined();
  expect(chosenSource({ sourceIso: 'b.iso' }, {})).toEqual({ path: 'b.iso', sha256: undefined });
});

test.each([{ slim: true }, { sourceSha256: 'aa' }])('refuses %j without a source', (options) => {
  expect(() => chosenSource(options, {})).toThrow(
    expect.objectContaining({ code: 'source-iso-missing', exitCode: 2 }),
  );
});
