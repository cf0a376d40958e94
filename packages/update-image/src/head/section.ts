import type { MicroLinuxError } from '@micro-linux/core';
import * as z from 'zod';
import { rejected } from '../update-error.ts';
import { notAnUpdate } from './not-an-update.ts';

/**
 * Reads a section: a header line that ends in the format's number, one JSON value, a newline.
 *
 * @param invalid makes the error for a section whose JSON is not as `schema` has it.
 * @throws MicroLinuxError `not-an-update`, `format-unsupported`, or what `invalid` makes.
 */
export function parseSection<T>(
  payload: Buffer,
  header: string,
  schema: z.ZodType<T>,
  invalid: (why: string, cause?: unknown) => MicroLinuxError,
): T {
  checkHeader(payload, header);
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      payload.subarray(header.length),
    );
    if (!text.endsWith('}\n')) {
      throw new SyntaxError('does not end in } and a newline');
    }
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    throw invalid(z.prettifyError(result.error), result.error);
  }
  return result.data;
}

function checkHeader(payload: Buffer, header: string): void {
  const line = payload.subarray(0, header.length).toString('latin1');
  if (line === header) {
    return;
  }
  const name = header.slice(0, header.lastIndexOf(' ') + 1);
  const number = /^\d{1,9}(?=\n)/.exec(payload.toString('latin1', name.length, name.length + 10));
  if (line.startsWith(name) && number) {
    throw rejected({
      code: 'format-unsupported',
      message: `the update is written in format ${number[0]}, which is unknown here`,
      hint: 'apply an update with an agent that knows it first',
      details: { format: Number(number[0]) },
    });
  }
  throw notAnUpdate(`it lacks the line "${header.trim()}"`);
}
