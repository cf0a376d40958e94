/**
 * Returns to a command the argument that an option with several values consumed: in
 * `inspect --public-key a.pem update.img` commander counts the update among the keys.
 *
 * @param isArgument whether a value is the command's argument, and not one of the option's.
 * @returns the argument, if there is one, and the option's own values.
 */
export async function takeLast(
  argument: string | undefined,
  values: readonly string[] | undefined,
  isArgument: (value: string) => Promise<boolean>,
): Promise<{
  readonly argument: string | undefined;
  readonly values: readonly string[] | undefined;
}> {
  const last = values?.at(-1);
  if (argument !== undefined || values === undefined || last === undefined || values.length < 2) {
    return { argument, values };
  }
  return (await isArgument(last))
    ? { argument: last, values: values.slice(0, -1) }
    : { argument, values };
}
