/** A part of the image, and the total size of its files in bytes. */
export interface SizePart {
  readonly part: string;
  readonly bytes: number;
  readonly files: number;
}

/** First match wins; paths have no leading slash. */
const PARTS: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['Node', /^usr\/lib\/ota-agent\/node$/],
  ['ota-agent', /^usr\/lib\/ota-agent\/|^usr\/bin\/ota-agent$/],
  ['kernel', /^boot\/vmlinuz/],
  ['initrd', /^boot\/initrd/],
  ['kernel modules', /^(usr\/)?lib\/modules\//],
  ['firmware', /^(usr\/)?lib\/firmware\//],
  ['hwdb', /hwdb/],
  ['udev', /^(usr\/)?lib\/udev\//],
  ['perl', /perl/],
  ['python', /python/],
  ['systemd', /systemd/],
  ['iconv tables', /\/gconv\//],
  ['locales', /^usr\/share\/(locale|i18n)\/|^usr\/lib\/locale\//],
  ['documentation', /^usr\/share\/(doc|man|info|lintian)\//],
  ['time zones', /^usr\/share\/zoneinfo/],
  ['package lists (dpkg, apt)', /^var\/lib\/(dpkg|apt)\/|^var\/cache\//],
  ['ssh', /ssh/],
  ['shared libraries', /^(usr\/)?lib\/x86_64-linux-gnu\//],
  ['programs', /^(usr\/)?s?bin\/|^usr\/libexec\//],
  ['/etc', /^etc\//],
];

/** Adds up a listing (`<bytes>\t<path>` lines) by part, largest first; the rest is `other`. */
export function sizeReport(listing: string): readonly SizePart[] {
  const totals = new Map<string, { bytes: number; files: number }>();
  for (const line of listing.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) {
      continue;
    }
    const path = line.slice(tab + 1);
    const part = PARTS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other';
    const total = totals.get(part) ?? { bytes: 0, files: 0 };
    total.bytes += Number(line.slice(0, tab));
    total.files += 1;
    totals.set(part, total);
  }
  return [...totals].map(([part, total]) => ({ part, ...total })).sort((a, b) => b.bytes - a.bytes);
}

/** The report as a table. */
export function renderSizeReport(parts: readonly SizePart[]): string {
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  return [...parts, { part: 'total', bytes: total, files: 0 }]
    .map(({ part, bytes }) => `  ${part.padEnd(28)} ${mib(bytes).padStart(8)} MiB`)
    .join('\n');
}

function mib(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(1);
}
