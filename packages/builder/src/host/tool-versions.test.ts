import { expect, it } from 'vitest';
import { isAtLeast, parseVersion } from './tool-versions.ts';

// First lines of the tools in Debian 12.
it.each([
  ['mmdebstrap 1.3.5\n', '1.3.5'],
  ['mke2fs 1.47.0 (5-Feb-2023)\n\tUsing EXT2FS Library version 1.47.0\n', '1.47.0'],
  ['unshare from util-linux 2.38.1\n', '2.38.1'],
  ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\n', '7.2.22'],
  ['no number here', undefined],
])('reads the version from %j', (text, version) => {
  expect(parseVersion(text)).toBe(version);
});

it.each([
  ['1.47.0', '1.47.0', true],
  ['1.47', '1.47.0', true],
  ['1.46.6', '1.47.0', false],
  ['2.4', '2.38', false],
  ['10.0.2', '7', true],
])('%s is at least %s: %s', (version, minimum, expected) => {
  expect(isAtLeast(version, minimum)).toBe(expected);
});
