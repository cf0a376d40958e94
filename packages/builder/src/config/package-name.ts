import { Problem, show } from '@micro-linux/provision';
import { profileOf } from '../profiles/index.ts';
import type { ProfileName } from '../profiles/profile.ts';
import { type ImageNeeds, whyRequired } from '../profiles/required-packages.ts';

/** Refuses what is not a Debian package name (Debian Policy 5.6.1), and apt's suffixes. */
export function checkPackageName(name: string): Problem | undefined {
  if (isName(name)) {
    return undefined;
  }
  const plain = packageOf(name);
  return (
    checkArchitecture(name) ??
    new Problem(
      `${show(name)} is not a package name`,
      plain !== name && isName(plain) ? `write ${plain} alone` : NAME_FIX,
    )
  );
}

const NAME_FIX = "write lower-case letters, digits, '+', '-' or '.', at least two, such as curl";

/** Refuses what is not `name`, `name=version` or `name/suite`, as apt-get(8) has them. */
export function checkPackageWish(text: string): Problem | undefined {
  if (/^\.{0,2}\//.test(text) || text.endsWith('.deb')) {
    return new Problem(`${show(text)} is a file or folder`, `write it under packages.local`);
  }
  const [, name = '', sign, rest = ''] = /^([^=/]*)([=/])?(.*)$/s.exec(text) ?? [];
  if (!isName(name)) {
    return checkPackageName(name);
  }
  if (sign === '=' && !VERSION.test(rest)) {
    return new Problem(
      `${show(text)} has no version after =`,
      `write ${name}=VERSION, as \`apt-cache madison ${name}\` lists them, or ${name} alone`,
    );
  }
  if (sign === '/' && !SUITE.test(rest)) {
    return new Problem(
      `${show(text)} has no suite after /`,
      `write ${name}/SUITE, such as ${name}/bookworm-backports, or ${name} alone`,
    );
  }
  return undefined;
}

/** Versions as in Debian Policy 5.6.12. */
const VERSION = /^[0-9A-Za-z][0-9A-Za-z.+~:-]*$/;
const SUITE = /^[0-9A-Za-z][0-9A-Za-z._+-]*$/;

/** The name of the package that `name=version` or `name/suite` is about. */
export function packageOf(wish: string): string {
  return wish.split(/[=:/]/)[0] ?? '';
}

function isName(text: string): boolean {
  return /^[a-z0-9][a-z0-9+.-]*[a-z0-9+]$/.test(text);
}

function checkArchitecture(text: string): Problem | undefined {
  const [, name = '', architecture] = /^([^=/:]+):(\w+)$/.exec(text) ?? [];
  return isName(name) && architecture !== undefined
    ? new Problem(
        `${show(text)} names an architecture, and images are for amd64 only`,
        `write ${name}`,
      )
    : undefined;
}

/** Refuses a package that is both added and removed, or added in two versions. */
export function checkPackageLists(packages: {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}): Problem | undefined {
  const added = packages.add.map(packageOf);
  const both = added.filter((name) => packages.remove.includes(name));
  const twice = packages.add.filter((wish, index) => added.indexOf(packageOf(wish)) !== index);
  return both.length > 0
    ? new Problem(
        `${both.map(show).join(', ')} is also under packages.add`,
        'keep it in one of the two lists',
        { at: ['remove'] },
      )
    : twice.length > 0
      ? new Problem(
          `${twice.map(show).join(', ')} is in the list already, with another version or suite`,
          'keep one of the two',
          { at: ['add'] },
        )
      : undefined;
}

/** Refuses to leave out what the image needs to become healthy. */
export function checkRemoved(
  profile: ProfileName,
  remove: readonly string[],
  image: ImageNeeds,
): readonly Problem[] {
  return remove.flatMap((name, index) => {
    const why = whyRequired(name, profileOf(profile), image);
    return why === undefined
      ? []
      : [
          new Problem(
            `${show(name)} cannot be left out: ${why}`,
            name.startsWith('openssh-')
              ? 'remove it from the list, or set agent.health.requiredUnits without an ssh unit: docs/guides/health.md'
              : 'remove it from the list: an image without it never becomes healthy',
            { at: ['packages', 'remove', index] },
          ),
        ];
  });
}
