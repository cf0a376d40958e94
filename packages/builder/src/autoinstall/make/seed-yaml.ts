import { stringify } from 'yaml';

/**
 * YAML that reads the same by the rules of 1.1 (PyYAML, so cloud-init and Subiquity) and of 1.2:
 * every text in double quotes as in JSON, so that none is taken for a number, a date or `no`.
 * Characters that some readers refuse must not be in the values; the config lets none through.
 */
export function seedYaml(value: object): string {
  return stringify(value, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    doubleQuotedAsJSON: true,
    aliasDuplicateObjects: false,
  });
}
