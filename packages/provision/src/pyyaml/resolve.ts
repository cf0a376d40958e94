import { YAML_TAG } from './node.ts';

/**
 * The types of plain scalars by form, in the order in which they are tried. YAML 1.1 has more forms
 * than 1.2: `yes`, `010`, `1:30`; but `1e3` and `0o17` are text in PyYAML.
 */
const FORMS: readonly { readonly tag: string; readonly form: RegExp }[] = [
  {
    tag: 'bool',
    form: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\n?$/,
  },
  {
    tag: 'float',
    form: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\n?$/,
  },
  {
    tag: 'int',
    form: /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\n?$/,
  },
  { tag: 'merge', form: /^<<\n?$/ },
  { tag: 'null', form: /^(?:~|null|Null|NULL)?$/ },
  {
    tag: 'timestamp',
    form: /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)\n?$/,
  },
  { tag: 'value', form: /^=\n?$/ },
  // Only `! "&"` can have this one.
  { tag: 'yaml', form: /^[!&*]\n?$/ },
];

/** The tag of a plain scalar. */
export function resolveTag(text: string): string {
  const found = FORMS.find(({ form }) => form.test(text));
  return YAML_TAG + (found?.tag ?? 'str');
}

/** Whether PyYAML reads a plain scalar as exactly that text. */
export function isPlainText(text: string): boolean {
  return resolveTag(text) === `${YAML_TAG}str`;
}
