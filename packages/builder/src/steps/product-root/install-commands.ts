import { basename } from 'node:path';
import { shellQuote } from '@micro-linux/core';
import type { LocalPackage } from './local-packages.ts';

/** Where the files are while they are installed, inside the root. */
const PLACE = '/run/micro-linux-packages';

/** apt on the host, dpkg and the packages' scripts inside the root `$1`, as mmdebstrap does it. */
const APT = [
  'apt-get --yes',
  '-o DPkg::Chroot-Directory="$1"',
  '-o Dir::Bin::dpkg=env -o DPkg::Options::=--unset=TMPDIR -o DPkg::Options::=dpkg',
].join(' ');

/** A line that is printed if something must be fetched and must not be. */
export const NEEDS_NETWORK = '== packages needed from the archives';

/**
 * mmdebstrap's hooks that install .deb files and what they depend on, in one transaction.
 *
 * @param unwanted packages that must not be in the image.
 * @param offline fetch nothing.
 */
export function installCommands(
  packages: readonly LocalPackage[],
  { unwanted, offline }: { readonly unwanted: readonly string[]; readonly offline: boolean },
): readonly string[] {
  if (packages.length === 0) {
    return [];
  }
  const inside = ({ name }: LocalPackage) => `${PLACE}/${name}.deb`;
  const wishes = [
    ...packages.map((one) => `"$1${inside(one)}"`),
    ...unwanted.map((name) => shellQuote(`${name}-`)),
  ].join(' ');
  // A file of the product counts, even if an archive has a newer version.
  const install = `${APT} install --allow-downgrades`;
  const fetch = `${install} --download-only ${wishes}`;
  return [
    `--customize-hook=mkdir -p "$1${PLACE}"`,
    ...packages.map((one) => `--customize-hook=upload ${shellQuote(one.file)} ${inside(one)}`),
    `--customize-hook=${[
      'set -e; exec >&2; export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"',
      // First a plan, because a failure of it is the config's fault.
      `${install} --simulate --quiet ${wishes}`,
      offline
        ? `${install} --print-uris ${wishes} | grep "^'http" && { echo '${NEEDS_NETWORK}'; exit 1; }`
        : // The archive may have replaced a package since its lists were fetched.
          `${fetch} || { ${APT} update; ${fetch}; }`,
      `${install} ${wishes}`,
    ].join('\n')}`,
    `--customize-hook=rm -rf "$1${PLACE}"`,
  ];
}

/** Their files for `--dry-run` and the key: the names without the folders of the host. */
export function namesOf(packages: readonly LocalPackage[]): readonly LocalPackage[] {
  return packages.map((one) => ({ ...one, file: basename(one.file), where: '' }));
}
