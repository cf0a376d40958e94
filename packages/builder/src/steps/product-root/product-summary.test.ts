import { expect, test } from 'vitest';
import type { Hook } from './hook-files.ts';
import { productSummary } from './product-summary.ts';

test('nothing of its own, nothing to show', () => {
  expect(productSummary({ local: [], repositories: [], hooks: { rootfs: [], image: [] } })).toEqual(
    {},
  );
});

test('shows packages with versions, archives without keys, and names of scripts', () => {
  const hook = { name: 'finish.sh', script: '/home/me/finish.sh' } as Hook;
  expect(
    productSummary({
      local: [{ name: 'app', version: '1.0', file: '/home/me/app.deb', digest: 'd', where: '' }],
      repositories: [
        {
          ...{ name: 'vendor', uris: ['https://packages.example'], suites: ['stable'] },
          ...{ components: ['main'], fingerprint: undefined, pin: 600, keep: true, key: 'KEY' },
        },
      ],
      hooks: { rootfs: [hook], image: [] },
    }),
  ).toEqual({
    repositories: [
      { name: 'vendor', uris: ['https://packages.example'], suites: ['stable'], keep: true },
    ],
    localPackages: { app: '1.0' },
    hooks: { rootfs: ['finish.sh'] },
  });
});
