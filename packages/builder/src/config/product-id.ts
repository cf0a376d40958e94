import { Problem, show } from './problem.ts';

/** Refuses a product id with characters that would not do in a file name. */
export function checkProductId(id: string): Problem | undefined {
  return /^[a-z0-9][a-z0-9._-]*$/.test(id)
    ? undefined
    : new Problem(
        `${show(id)} is no product id`,
        "write lower-case letters, digits, '.', '_' or '-', such as micro-linux-x86_64",
      );
}
