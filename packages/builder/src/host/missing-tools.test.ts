import { expect, it } from 'vitest';
import { hostPackagesMissing, missingPackages } from './missing-tools.ts';
import { HOST_PACKAGES } from './packages.ts';

it('lists a package with only its missing programs', async () => {
  const missing = await missingPackages(HOST_PACKAGES, async (name) =>
    name === 'debugfs' || name === 'sgdisk' ? undefined : `/usr/sbin/${name}`,
  );

  expect(missing.map((entry) => [entry.package.name, entry.absent])).toEqual([
    ['e2fsprogs', ['debugfs']],
    ['gdisk', ['sgdisk']],
  ]);
});

it('names each package once', () => {
  expect(hostPackagesMissing(['mke2fs', 'e2fsck', 'mcopy'])).toMatchObject({
    why: 'on Debian and Ubuntu they are in e2fsprogs, mtools',
  });
});

it('has each program and file from one package only', () => {
  const provided = HOST_PACKAGES.flatMap(({ provides }) => provides);

  expect(new Set(provided).size).toBe(provided.length);
});
