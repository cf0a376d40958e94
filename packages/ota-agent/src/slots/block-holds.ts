/** Whether a block of GRUB's environment holds exactly these variables. */
export function blockHolds(
  variables: ReadonlyMap<string, string> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted);
  return (
    variables?.size === entries.length &&
    entries.every(([name, value]) => variables.get(name) === value)
  );
}
