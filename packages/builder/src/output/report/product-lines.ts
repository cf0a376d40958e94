import { stringify } from 'yaml';

/** What the config adds to the profile, as lines of a report; none if it adds nothing. */
export function productLines(product: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return Object.keys(product).length === 0
    ? []
    : [
        'what the config adds:',
        ...stringify(product, { lineWidth: 0 })
          .trimEnd()
          .split('\n')
          .map((line) => `  ${line}`),
      ];
}
