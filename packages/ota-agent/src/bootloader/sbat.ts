/** Generation number of each component, as SBAT counts them (shim, SBAT.md). */
export type SbatLevels = ReadonlyMap<string, number>;

/**
 * Reads SBAT metadata: lines of comma-separated values, of which the first two count, a component
 * and its generation. Other lines are skipped.
 */
export function parseSbat(text: string): SbatLevels {
  const levels = new Map<string, number>();
  for (const line of text.replace(/\0+$/, '').split('\n')) {
    const [component = '', generation = ''] = line.split(',');
    if (component !== '' && /^\d{1,15}$/.test(generation.trim())) {
      levels.set(component, Number(generation));
    }
  }
  return levels;
}

/**
 * Components whose generation would decrease. A component in both lists counts, and so does one
 * that is missing from `next` if it is a project (`shim`, `grub`), not a vendor's variant
 * (`shim.debian`): vendors change those names.
 */
export function loweredComponents(now: SbatLevels, next: SbatLevels): readonly string[] {
  return [...now]
    .filter(([component, generation]) => {
      const wanted = next.get(component);
      return wanted === undefined ? !component.includes('.') : wanted < generation;
    })
    .map(([component]) => component);
}

/** Components that the firmware revokes: their generation is below the required one. */
export function revokedComponents(level: SbatLevels, program: SbatLevels): readonly string[] {
  return [...program]
    .filter(([component, generation]) => generation < (level.get(component) ?? 0))
    .map(([component]) => component);
}
