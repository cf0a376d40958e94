import { Problem } from '@micro-linux/provision';
import * as z from 'zod';

/** A text that `check` accepts. */
export function checkedText(check: (text: string) => Problem | undefined) {
  return z.string().superRefine((text, context) => report(check(text), context));
}

/** A value turned into another by `parse`, or a problem. */
export function parsed<Base extends z.ZodType, Output>(
  base: Base,
  parse: (value: z.output<Base>) => Output | Problem,
) {
  return base.transform((value, context): Output => {
    const result = parse(value);
    if (result instanceof Problem) {
      report(result, context);
      return z.NEVER;
    }
    return result;
  });
}

/** A whole number from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number) {
  return z
    .number()
    .superRefine((value, context) => {
      if (!Number.isInteger(value) || value < minimum || value > maximum) {
        report(
          new Problem(
            `${value} is ${Number.isInteger(value) ? 'out of range' : 'not a whole number'}`,
            `write a whole number from ${minimum} to ${maximum}`,
          ),
          context,
        );
      }
    })
    .meta({ type: 'integer', minimum, maximum });
}

/** A list in which a repeated entry counts once. */
export function uniqueList<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item).transform((items) => [...new Set<string>(items)]);
}

/**
 * Adds a check of several keys of a group. It runs as soon as the keys it `needs` are
 * valid, whatever is wrong with the others; zod alone would wait until all are.
 */
export function withRule<Group extends z.ZodType>(
  group: Group,
  needs: readonly string[],
  check: (value: z.output<Group>) => Problem | readonly Problem[] | undefined,
): Group {
  const reportAll = (
    found: Problem | readonly Problem[] | undefined,
    context: z.RefinementCtx<unknown>,
  ) => {
    for (const problem of found instanceof Problem || found === undefined ? [found] : found) {
      report(problem, context);
    }
  };
  return group.superRefine((value, context) => reportAll(check(value), context), {
    when: ({ value, issues }) =>
      typeof value === 'object' &&
      value !== null &&
      issues.every((issue) => {
        const key = issue.path?.[0];
        return key === undefined
          ? issue.code === 'unrecognized_keys'
          : !needs.includes(String(key));
      }),
  });
}

/**
 * The entries of a table of texts for a rule that also runs when some have another type, which is
 * reported by itself.
 */
export function textEntries(
  table: Readonly<Record<string, unknown>>,
): readonly (readonly [key: string, value: string])[] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, value] as const] : [],
  );
}

function report(problem: Problem | undefined, context: z.RefinementCtx<unknown>): void {
  if (problem) {
    context.addIssue({
      code: 'custom',
      message: problem.what,
      path: [...(problem.detail.at ?? [])],
      params: { problem },
    });
  }
}
