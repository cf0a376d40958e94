import type { Group, KeyPath, PyValue } from '@micro-linux/provision';
import { valueAt } from '../../config/where-is.ts';
import type { Remark } from '../check/finding.ts';
import { isSecretSeedPath } from '../seed/secret-path.ts';
import { wrongChoice, wrongType } from '../subiquity/wrong-value.ts';
import { type SchemaError, schemaErrors } from './schema-errors.ts';

type What = Pick<Remark, 'problem' | 'fix'> & { readonly key?: string };

/** Keywords that only say that no alternative fits: their own errors say why. */
const ALTERNATIVES: readonly string[] = ['oneOf', 'anyOf'];

/** Keywords that say little beside others about the same value, the weakest last. */
const WEAKEST: readonly string[] = ['enum', 'type'];

/**
 * Errors that cloud-init's schema finds in a cloud-config, except unknown keys at its top. Of each key,
 * or each entry of its list, only those about the innermost values: an alternative that almost fits is
 * the one that was meant.
 *
 * @param exact the cloud-config with Python's types; @param plain the same as JSON.
 */
export function cloudConfigRemarks(exact: PyValue, plain: Group, path: KeyPath): Remark[] {
  const errors = schemaErrors(exact).filter(({ at }) => at.length > 0);
  const entries = Map.groupBy(errors, ({ at }) =>
    JSON.stringify(at.slice(0, typeof at[1] === 'number' ? 2 : 1)),
  );
  return [...entries.values()].flatMap(innermost).map((found): Remark => {
    const at = found[0]?.at ?? [];
    const { key, ...what } = explain(found, valueAt(plain, at), at);
    return key === undefined
      ? { rule: 'cloud-config', path: [...path, ...at], ...what }
      : { rule: 'cloud-config', path: [...path, ...at, key], at: 'key', ...what };
  });
}

/** The errors about the innermost values, those about one value together. */
function innermost(errors: readonly SchemaError[]): (readonly SchemaError[])[] {
  const reasons = meant(errors.filter(({ keyword }) => !ALTERNATIVES.includes(keyword)));
  if (reasons.length === 0) {
    // It fits more than one alternative.
    return [errors.slice(0, 1)];
  }
  const depth = reasons.reduce((most, { at }) => Math.max(most, at.length), 0);
  const deep = reasons.filter(({ at }) => at.length === depth);
  return [...Map.groupBy(deep, ({ at }) => JSON.stringify(at)).values()].map(strongest);
}

/**
 * Without the alternatives that a keyword such as `type: webhook` rules out, if there are others.
 */
function meant(errors: readonly SchemaError[]): readonly SchemaError[] {
  const alternative = ({ schemaPath }: SchemaError) =>
    /^.*\/(?:oneOf|anyOf)\/\d+(?=\/)/.exec(schemaPath)?.[0] ?? '';
  const ruledOut = new Set(errors.filter(({ keyword }) => keyword === 'enum').map(alternative));
  ruledOut.delete('');
  const rest = errors.filter((error) => !ruledOut.has(alternative(error)));
  return rest.length > 0 ? rest : errors;
}

/** Of the errors about one value, those that say most. */
function strongest(errors: readonly SchemaError[]): readonly SchemaError[] {
  const rank = ({ keyword }: SchemaError) => WEAKEST.indexOf(keyword);
  const best = errors.reduce((least, error) => Math.min(least, rank(error)), Infinity);
  return errors.filter((error) => rank(error) === best);
}

function explain(errors: readonly SchemaError[], value: unknown, at: KeyPath): What {
  const [first] = errors;
  switch (first?.keyword) {
    case 'type': {
      const types = unique(errors.flatMap(({ params }) => asTexts(params['type'])));
      // Many keys may be left empty: not what somebody means who wrote a value.
      const written = types.filter((type) => type !== 'null');
      return wrongType(written.length > 0 ? written : types, value);
    }
    case 'enum':
      return wrongChoice(
        unique(errors.flatMap(({ params }) => asTexts(params['allowedValues'] ?? []))),
        value,
        at,
      );
    case 'required':
      return missing(errors);
    case 'additionalProperties': {
      const key = String(first.params['additionalProperty']).trim();
      return {
        ...(isSecretSeedPath(at) ? {} : { key }),
        problem: 'is not a key that cloud-init knows here',
        fix: 'remove it, or correct its name',
      };
    }
    case 'minItems':
    case 'minProperties':
      return limit('fewer', first, 'add entries, or remove the key');
    case 'maxItems':
      return limit('more', first, 'remove entries');
    case 'minimum':
      return { problem: `is less than ${first.params['limit']}`, fix: 'write a larger number' };
    case 'distinct':
      return { problem: 'has an entry twice', fix: 'keep one of the two' };
    case 'format':
      return first.params['format'] === 'date'
        ? { problem: 'is not a date', fix: "write it as '2030-01-31', in quotes" }
        : { problem: 'is not a host name or an address', fix: 'write ntp.example.com' };
    case 'pattern':
      return {
        problem: 'does not have the form that cloud-init requires',
        fix: 'see the reference of cloud-init for this key',
      };
    default:
      return {
        problem: 'has keys that exclude each other',
        fix: 'keep one way of writing it: see the reference of cloud-init for this key',
      };
  }
}

/** Keys that are missing: all those of one alternative, or those of another. */
function missing(errors: readonly SchemaError[]): What {
  const sets = Map.groupBy(
    errors.filter(({ keyword }) => keyword === 'required'),
    ({ schemaPath }) => schemaPath,
  );
  const names = [...sets.values()].map((set) =>
    set.map(({ params }) => `\`${params['missingProperty']}\``).join(' and '),
  );
  return { problem: `needs ${names.join(', or ')}`, fix: `add ${names[0]}` };
}

function limit(than: 'fewer' | 'more', { params }: SchemaError, fix: string): What {
  const count = params['limit'];
  return {
    problem: `has ${than} than ${count} ${count === 1 ? 'entry' : 'entries'}`,
    fix,
  };
}

function asTexts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
