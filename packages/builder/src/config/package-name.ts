import { Problem, show } from '@micro-linux/provision';
import { profileOf } from '../profiles/index.ts';
import type { ProfileName } from '../profiles/profile.ts';
import { whyRequired } from '../profiles/required-packages.ts';

/** Refuses what is not a Debian package name (Debian Policy 5.6.1), and apt's suffixes. */
export function checkPackageName(name: string): Problem | undefined {
  if (/^[a-z0-9][a-z0-9+.-]*[a-z0-9+]$/.test(name)) {
    return undefined;
  }
  const [plain = ''] = name.split(/[=:/]/);
  return new Problem(
    `${show(name)} is not a package name`,
    plain !== name && checkPackageName(plain) === undefined
      ? `write ${plain} alone: the version comes from the mirror, the architecture is amd64`
      : "write lower-case letters, digits, '+', '-' or '.', at least two, such as curl",
  );
}

/** Refuses a package that is both added and removed. */
export function checkPackageLists(packages: {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}): Problem | undefined {
  const both = packages.add.filter((name) => packages.remove.includes(name));
  return both.length === 0
    ? undefined
    : new Problem(
        `${both.map(show).join(', ')} is also under packages.add`,
        'keep it in one of the two lists',
        { at: ['remove'] },
      );
}

/** Refuses to leave out what every image needs to become healthy. */
export function checkRemoved(
  profile: ProfileName,
  remove: readonly string[],
  kernelPackage: string | undefined,
): readonly Problem[] {
  return remove.flatMap((name, index) => {
    const why = whyRequired(name, profileOf(profile), kernelPackage);
    return why === undefined
      ? []
      : [
          new Problem(
            `${show(name)} cannot be left out: ${why}`,
            'remove it from the list: an image without it never becomes healthy',
            { at: ['packages', 'remove', index] },
          ),
        ];
  });
}
