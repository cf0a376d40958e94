import { readFileSync } from 'node:fs';

/**
 * Prints the keyboard layouts that Subiquity knows and the variants of each, for
 * packages/builder/src/autoinstall/lint/keyboard-layouts.json. Run by hand:
 *
 *     node e2e/oracle/subiquity/keyboard-layouts.ts KeyboardNames.pl
 *
 * The snap's build makes its list from this file of keyboard-configuration, of the Ubuntu that the snap
 * is based on (22.04). The list in Subiquity's repository is older.
 */
const file = process.argv[2];
if (file === undefined) {
  throw new Error('name the KeyboardNames.pl of keyboard-configuration');
}
const [, layouts = '', variants = ''] =
  /^%layouts = \(([\s\S]*?)^\);[\s\S]*?^%variants = \(([\s\S]*?)^\);/m.exec(
    readFileSync(file, 'utf8'),
  ) ?? [];
const codes = (text: string) => [...text.matchAll(/=> '([^']*)'/g)].map(([, code = '']) => code);
const byLayout = new Map(
  [...variants.matchAll(/^ {4}'([^']+)' => \{([\s\S]*?)^ {4}\}/gm)].map(
    ([, layout = '', text = '']) => [layout, codes(text)] as const,
  ),
);
const table = Object.fromEntries(
  codes(layouts)
    .sort()
    .map((layout) => [layout, (byLayout.get(layout) ?? []).sort()]),
);
process.stdout.write(`${JSON.stringify(table, null, 2)}\n`);
