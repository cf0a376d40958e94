import { Problem, show } from '@micro-linux/provision';

/** Refuses a product id that is too long for an update, or not usable in a file name. */
export function checkProductId(id: string): Problem | undefined {
  return /^[a-z0-9][a-z0-9._-]{0,127}$/.test(id)
    ? undefined
    : new Problem(
        `${show(id)} is not a product id`,
        "write lower-case letters, digits, '.', '_' or '-', such as micro-linux-x86_64",
      );
}
