import { BootVariable, isBootMark } from '@micro-linux/core';

/** Whether a block of GRUB's environment has exactly these variables, with any valid mark. */
export function blockHolds(
  variables: ReadonlyMap<string, string> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(wanted);
  return (
    variables?.size === entries.length &&
    entries.every(([name, value]) => {
      const now = variables.get(name);
      return name === BootVariable.bootMark ? isBootMark(now) : now === value;
    })
  );
}
