import { expect, test } from 'vitest';
import { parseDiskInfo } from './disk-info.ts';

test.each([
  ['Ubuntu-Server 24.04 LTS "Noble Numbat" - Release amd64 (20240423)', '24.04', 'amd64'],
  ['Ubuntu-Server 24.04.2 LTS "Noble Numbat" - Release amd64 (20250216.1)\n', '24.04.2', 'amd64'],
  ['Ubuntu-Server 24.10 "Oracular Oriole" - Daily arm64 (20241001)', '24.10', 'arm64'],
])('reads %j', (text, release, architecture) => {
  expect(parseDiskInfo(text)).toMatchObject({ product: 'Ubuntu-Server', release, architecture });
});

test.each(['', 'Debian GNU/Linux 12.5.0 "Bookworm"', 'Ubuntu-Server 24.04 LTS'])(
  'returns nothing for another form: %j',
  (text) => {
    expect(parseDiskInfo(text)).toBeUndefined();
  },
);
