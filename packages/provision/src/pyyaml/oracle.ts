import { execFileSync } from 'node:child_process';
import type { PyValue } from './value.ts';

/** Test tool: the result of the real PyYAML for many texts, in one process. */
const SCRIPT = `
import base64, datetime, json, struct, sys, yaml
def encode(value, seen):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {'int': str(value)}
    if isinstance(value, float):
        return {'float': 'nan' if value != value else struct.pack('>d', value).hex()}
    if isinstance(value, bytes):
        return {'bytes': base64.b64encode(value).decode()}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {'timestamp': value.isoformat()}
    if isinstance(value, tuple):
        return [encode(one, seen) for one in value]
    if id(value) in seen:
        return {'again': seen[id(value)]}
    seen[id(value)] = len(seen)
    if isinstance(value, list):
        return [encode(one, seen) for one in value]
    if isinstance(value, dict):
        return {'dict': [[encode(key, seen), encode(one, seen)] for key, one in value.items()]}
    return {'set': sorted(json.dumps(encode(one, seen), separators=(',', ':'), ensure_ascii=False) for one in value)}
def read(text):
    try:
        return encode(yaml.safe_load(text), {})
    except yaml.YAMLError as error:
        return {'error': str(error)}
    except (ValueError, AttributeError, KeyError, IndexError, RecursionError) as error:
        return {'error': repr(error)}
print(json.dumps([read(text) for text in json.load(sys.stdin)]))
`;

const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Whether PyYAML is installed. */
export const hasPyYaml = python !== undefined;

/**
 * What PyYAML reads from each text, in the form of {@link encodeValue}; `{error}` if it refuses the
 * text.
 */
export function readByPyYaml(texts: readonly string[]): readonly unknown[] {
  const output = execFileSync(python ?? 'python3', ['-c', SCRIPT], {
    input: JSON.stringify(texts),
    maxBuffer: 2 ** 30,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  const read: unknown = JSON.parse(output.toString());
  return Array.isArray(read) ? read : [];
}

/** A value in a form that includes its types, and where it contains itself. */
export function encodeValue(value: PyValue, seen = new Map<PyValue, number>()): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  switch (value.type) {
    case 'int':
      return { int: String(value.value) };
    case 'float':
      return { float: Number.isNaN(value.value) ? 'nan' : hexOf(value.value) };
    case 'bytes':
      return { bytes: Buffer.from(value.value).toString('base64') };
    case 'timestamp':
      return { timestamp: value.text };
    default:
  }
  const number = seen.get(value);
  if (number !== undefined) {
    return { again: number };
  }
  if (value.type === 'list' && value.isTuple) {
    return value.items.map((item) => encodeValue(item, seen));
  }
  seen.set(value, seen.size);
  switch (value.type) {
    case 'list':
      return value.items.map((item) => encodeValue(item, seen));
    case 'dict':
      return {
        dict: [...value.entries.values()].map((entry) => [
          encodeValue(entry.key, seen),
          encodeValue(entry.value, seen),
        ]),
      };
    case 'set':
      return {
        set: [...value.entries.values()]
          .map((key) => JSON.stringify(encodeValue(key, seen)))
          .sort(),
      };
  }
}

function hexOf(number: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return bytes.toString('hex');
}
