import type { KeyPath, PyValue } from '@micro-linux/provision';

/** The value at a path of texts. */
export function exactValue(value: PyValue, path: KeyPath): PyValue {
  return path.reduce<PyValue>((one, key) => {
    const isDict = typeof one === 'object' && one !== null && one.type === 'dict';
    return isDict ? (one.entries.get(`str ${key}`)?.value ?? null) : null;
  }, value);
}
