import { updateFileBytes } from '../chunks/chunk-places.ts';
import type { UpdateSource } from '../source.ts';
import { failed } from '../update-error.ts';
import { parseHead } from './parse-head.ts';
import type { UpdateHead } from './update-head.ts';

/**
 * Reads and checks the bounds of what stands before the chunks; nothing is verified yet. Where the
 * source knows its length, that must be what the manifest says.
 *
 * @throws MicroLinuxError `update-truncated`, `update-trailing-data`, `not-an-update`,
 *   `format-unsupported`, `manifest-invalid`, `signatures-invalid`, and what the source throws.
 */
export async function readHead(source: UpdateSource): Promise<UpdateHead> {
  const parser = parseHead();
  let step = parser.next();
  while (!step.done) {
    const bytes = Buffer.allocUnsafeSlow(step.value.length);
    await source.readAt(step.value.offset, bytes);
    step = parser.next(bytes);
  }
  if (source.size !== undefined) {
    checkLength(source.name, source.size, updateFileBytes(step.value));
  }
  return step.value;
}

function checkLength(name: string, actual: number, expected: number): void {
  if (actual < expected) {
    throw failed({
      code: 'update-truncated',
      message: `${name} is cut off`,
      why: `it has ${actual} bytes of ${expected}`,
      hint: 'fetch it again',
      details: { bytes: actual, expectedBytes: expected },
    });
  }
  if (actual > expected) {
    throw failed({
      code: 'update-trailing-data',
      message: `${name} is longer than the update in it`,
      why: `it has ${actual} bytes; the update ends after ${expected}`,
      hint: 'fetch it again',
      details: { bytes: actual, expectedBytes: expected },
    });
  }
}
