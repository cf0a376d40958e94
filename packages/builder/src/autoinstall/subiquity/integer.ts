import * as z from 'zod';

/** An integer by JSON Schema: 1.0 is one, and so is any number too large to have a fraction. */
export function integer(minimum = -Infinity, maximum = Infinity) {
  return z.number().superRefine((value, context) => {
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      const message =
        minimum === maximum ? `must be ${minimum}, not ${value}` : 'must be a whole number';
      context.addIssue({ code: 'custom', message });
    }
  });
}
