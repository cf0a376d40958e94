import { isPlainText } from '@micro-linux/provision';
import { Document, isScalar, visit } from 'yaml';

/** A key that needs no quotes, because it has no other meaning; unlike `no` and `y`. */
const SIMPLE_KEY = /^[A-Za-z][A-Za-z0-9_-]+$/;

/** Characters that JSON does not escape, and PyYAML refuses or reads as a line break. */
const NEEDS_ESCAPE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * YAML for programs in Python (cloud-init, Subiquity) that reads the same by the rules of 1.1 and
 * of 1.2: every text in double quotes as in JSON, so that none is read as a number, a date or
 * `no`; keys are in quotes where they need them.
 */
export function pythonYaml(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value === 'string') {
        const isPlain = SIMPLE_KEY.test(key.value) && isPlainText(key.value);
        key.type = isPlain ? 'PLAIN' : 'QUOTE_DOUBLE';
      }
    },
  });
  return document
    .toString({ defaultStringType: 'QUOTE_DOUBLE', doubleQuotedAsJSON: true })
    .replaceAll(
      NEEDS_ESCAPE,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
