/**
 * The host's distribution, from /etc/os-release. Ids are in lower case; missing fields are empty.
 */
export interface OsRelease {
  readonly id: string;
  /** Ids of the distributions it is derived from. */
  readonly like: readonly string[];
  /** E.g. `12`, `24.04`; empty on rolling releases. */
  readonly version: string;
  /** The release's code name, e.g. `bookworm`; empty if it has none. */
  readonly codename: string;
  readonly title: string;
}

/** Parses /etc/os-release (os-release(5)). */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (match) {
      values.set(match[1] ?? '', unquote(match[2] ?? ''));
    }
  }
  return {
    id: values.get('ID') ?? '',
    like: (values.get('ID_LIKE') ?? '').split(' ').filter((id) => id !== ''),
    version: values.get('VERSION_ID') ?? '',
    codename: values.get('VERSION_CODENAME') ?? '',
    title: values.get('PRETTY_NAME') ?? values.get('ID') ?? 'an unknown system',
  };
}

/** Whether the system is a distribution or derived from it. */
export function isOrLike(os: OsRelease, id: string): boolean {
  return os.id === id || os.like.includes(id);
}

function unquote(value: string): string {
  const match = /^(["'])(.*)\1$/.exec(value);
  return match ? (match[2] ?? '').replace(/\\(["'$`\\])/g, '$1') : value;
}
