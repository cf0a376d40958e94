import { expect, test } from 'vitest';
import { parseListing } from './listing.ts';

/** Output of xorriso 1.5.4. */
const LISTING = `dr-xr-xr-x    1 0        0               0 Nov 25 06:16 '/'
-r--r--r--    1 0        0      3303444480 Nov 25  2024 '/casper/a b'
lrwxrwxrwx    1 0        0               0 Nov 25 06:16 '/ubuntu' -> '.'
er--r--r--    1 0        0            2048 Nov 25 06:16 '/boot.catalog'
-r--r--r--    1 0        0               7 Nov 25 06:16 '/it'"'"'s'
xorriso : NOTE : something else
`;

test('reads kinds, sizes and names', () => {
  expect([...parseListing(LISTING).values()]).toEqual([
    { path: '/', kind: 'directory', bytes: 0 },
    { path: '/casper/a b', kind: 'file', bytes: 3303444480 },
    { path: '/ubuntu', kind: 'link', bytes: 0 },
    { path: '/boot.catalog', kind: 'other', bytes: 0 },
    { path: "/it's", kind: 'file', bytes: 7 },
  ]);
});
