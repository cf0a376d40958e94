/** One setting of a file of systemd. */
export type UnitLine = readonly [key: string, value: string | number];

/** A section; empty without settings. */
export function section(name: string, lines: readonly UnitLine[]): string {
  return lines.length === 0
    ? ''
    : `[${name}]\n${lines.map(([key, value]) => `${key}=${value}\n`).join('')}`;
}

export function yesNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}
