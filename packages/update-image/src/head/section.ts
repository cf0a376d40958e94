import { isAscii } from 'node:buffer';
import { firstIssue, type MicroLinuxError } from '@micro-linux/core';
import type * as z from 'zod';
import { rejected } from '../update-error.ts';
import { notAnUpdate } from './not-an-update.ts';

const SECTION_END = Buffer.from('}\n');

/**
 * Reads a section: a header line that ends in the format's number, one JSON value in ASCII, a
 * newline.
 *
 * @param invalid makes the error for a section whose JSON does not match `schema`.
 * @param check checks the JSON's bytes before they are parsed; returns what is wrong.
 * @throws MicroLinuxError `not-an-update`, `format-unsupported`, or the error from `invalid`.
 */
export function parseSection<T>(
  payload: Buffer,
  header: string,
  schema: z.ZodType<T>,
  invalid: (why: string, cause?: unknown) => MicroLinuxError,
  check: (json: Buffer) => string | undefined = () => undefined,
): T {
  checkSectionHeader(payload, header);
  const json = payload.subarray(header.length);
  const problem = !json.subarray(-2).equals(SECTION_END)
    ? 'it does not end in } and a newline'
    : !isAscii(json)
      ? 'it is not ASCII'
      : check(json);
  if (problem !== undefined) {
    throw invalid(problem);
  }
  let value: unknown;
  try {
    value = JSON.parse(json.toString('latin1'));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    throw invalid(firstIssue(result.error));
  }
  return result.data;
}

/** @throws MicroLinuxError `not-an-update`, `format-unsupported`. */
export function checkSectionHeader(payload: Buffer, header: string): void {
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
      hint: 'first apply an update with an agent that supports it',
      details: { format: Number(number[0]) },
    });
  }
  throw notAnUpdate(`it lacks the line "${header.trim()}"`);
}
