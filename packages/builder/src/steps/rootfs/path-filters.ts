import type { PruneConfig } from '../../config/config.ts';

/**
 * dpkg's own path filters (dpkg(1), --path-exclude): they exclude files when packages are unpacked,
 * and stay in the image's dpkg configuration, so that they also apply to packages installed later.
 */
export function pathFilters(prune: PruneConfig): readonly string[] {
  return [
    ...(prune.documentation ? DOCUMENTATION : []),
    ...(prune.locales ? LOCALES : []),
    ...(prune.hwdb
      ? ['path-exclude=/usr/lib/udev/hwdb.d/*', 'path-exclude=/lib/udev/hwdb.d/*']
      : []),
    ...(prune.firmware ? ['path-exclude=/usr/lib/firmware/*', 'path-exclude=/lib/firmware/*'] : []),
    ...prune.paths.map((pattern) => `path-exclude=${pattern}`),
  ];
}

const DOCUMENTATION = [
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/doc/*',
  // Licenses must be distributed with the binaries.
  'path-include=/usr/share/doc/*/copyright',
];

const LOCALES = [
  'path-exclude=/usr/share/locale/*',
  'path-include=/usr/share/locale/locale.alias',
  // iconv tables: the C library has UTF-8 and ASCII built in; the Latin and UTF-16 ones stay.
  'path-exclude=/usr/lib/x86_64-linux-gnu/gconv/*.so',
  'path-include=/usr/lib/x86_64-linux-gnu/gconv/ISO8859-1.so',
  'path-include=/usr/lib/x86_64-linux-gnu/gconv/ISO8859-15.so',
  'path-include=/usr/lib/x86_64-linux-gnu/gconv/UTF-16.so',
  'path-include=/usr/lib/x86_64-linux-gnu/gconv/UTF-32.so',
];
