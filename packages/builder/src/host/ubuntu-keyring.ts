import { join } from 'node:path';
import { VENDORS } from '../profiles/vendors.ts';
import { isOrLike, type OsRelease } from './os-release.ts';
import type { SetupCommand } from './setup-command.ts';

/** "Ubuntu Archive Automatic Signing Key (2018)": docs/explanation/decisions/ubuntu-keyring.md says how to check it. */
export const UBUNTU_ARCHIVE_KEY = 'F6ECB3762474EDA9D21B7022871920D1991BC93C';

/** The package with Ubuntu's archive keys, and where it installs them. */
export const { keyringPackage: UBUNTU_KEYRING_PACKAGE, keyring: UBUNTU_KEYRING } = VENDORS.ubuntu;

/** The first Debian release that has the package. */
const FIRST_DEBIAN_WITH_PACKAGE = { number: 13, suite: 'trixie' };

/** Whether the host's own archive has the package: Ubuntu always, Debian since 13. */
export function hostHasUbuntuKeyringPackage(os: OsRelease): boolean {
  if (isOrLike(os, 'ubuntu')) {
    return true;
  }
  return (
    os.id === 'debian' &&
    (os.version === '' || Number(os.version) >= FIRST_DEBIAN_WITH_PACKAGE.number)
  );
}

/**
 * The commands that fetch Ubuntu's keyring from a newer suite of the Debian mirror the host already
 * uses. apt checks it with the Debian keys the host already trusts; the host's own list of sources
 * is not touched. Then the fingerprint is compared, and only then is anything installed.
 *
 * @param mirror base URL of the host's own Debian mirror
 * @param directory a directory of the user, created here
 */
export function fetchUbuntuKeyring(mirror: string, directory: string): SetupCommand[] {
  const sources = join(directory, 'sources.list');
  const config = join(directory, 'apt.conf');
  const unpacked = join(directory, 'unpacked');
  const deb = join(directory, `${UBUNTU_KEYRING_PACKAGE}.deb`);
  const keyring = join(unpacked, UBUNTU_KEYRING);
  return [
    { argv: ['rm', '-rf', directory] },
    { argv: ['install', '-d', '-m', '700', directory] },
    {
      argv: ['mkdir', '-p', ...APT_DIRECTORIES.map((name) => join(directory, name))],
    },
    {
      argv: ['tee', sources],
      input: `deb [signed-by=${VENDORS.debian.keyring}] ${mirror} ${FIRST_DEBIAN_WITH_PACKAGE.suite} main\n`,
    },
    { argv: ['tee', config], input: privateAptConfig(directory, sources) },
    { argv: ['apt-get', '-c', config, 'update'] },
    { argv: ['apt-get', '-c', config, 'download', UBUNTU_KEYRING_PACKAGE], cwd: directory },
    {
      argv: ['sh', '-c', `mv "$0"_*.deb "$0.deb"`, UBUNTU_KEYRING_PACKAGE],
      cwd: directory,
    },
    { argv: ['dpkg-deb', '--extract', deb, unpacked] },
    checkUbuntuKey(keyring, directory),
    {
      argv: aptInstall([deb]),
      asRoot: true,
      fallback: { argv: ['install', '-D', '-m', '644', keyring, UBUNTU_KEYRING], asRoot: true },
    },
    ...checkInstalledUbuntuKeyring(directory),
  ];
}

/** apt needs these before it fetches anything. */
const APT_DIRECTORIES = ['lists/partial', 'cache/archives/partial'];

/** Only this source; none of the host's lists, caches and pins. Its proxies still apply. */
function privateAptConfig(directory: string, sources: string): string {
  const settings = {
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Preferences': '/dev/null',
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Dir::State::Lists': join(directory, 'lists'),
    'Dir::Cache': join(directory, 'cache'),
    'Acquire::Languages': 'none',
    'APT::Default-Release': '',
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}

/** The commands that check the fingerprint of the installed keyring. */
export function checkInstalledUbuntuKeyring(directory: string): SetupCommand[] {
  return [
    { argv: ['install', '-d', '-m', '700', directory] },
    checkUbuntuKey(UBUNTU_KEYRING, directory),
    { argv: ['rm', '-rf', directory] },
  ];
}

/** The command line that installs packages or .deb files without prompting. */
export function aptInstall(packages: readonly string[]): readonly [string, ...string[]] {
  return [
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    'install',
    '-y',
    '--no-install-recommends',
    ...packages,
  ];
}

function checkUbuntuKey(keyring: string, homedir: string): SetupCommand {
  return {
    argv: ['gpg', '--homedir', homedir, '--batch', '--show-keys', '--with-colons', keyring],
    mustPrint: {
      text: `fpr:::::::::${UBUNTU_ARCHIVE_KEY}:`,
      otherwise: `${keyring} does not contain Ubuntu's archive key of 2018`,
    },
  };
}
