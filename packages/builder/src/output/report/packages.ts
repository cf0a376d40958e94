/** An installed package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

/** The installed packages in dpkg's status file (deb822), by name. */
export function installedPackages(status: string): readonly InstalledPackage[] {
  return status
    .split('\n\n')
    .filter((paragraph) => /^Status: install ok installed$/m.test(paragraph))
    .map((paragraph) => ({
      name: field(paragraph, 'Package'),
      version: field(paragraph, 'Version'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function field(paragraph: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
}
