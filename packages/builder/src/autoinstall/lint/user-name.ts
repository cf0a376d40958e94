import { checkReservedName, show } from '@micro-linux/provision';

/** Why useradd or the installer refuses a login name, and what to write instead. */
export function judgeUserName(
  name: string,
): { readonly problem: string; readonly fix: string } | undefined {
  const fix =
    "write up to 32 lower-case letters, digits, '_' or '-', a letter first, such as micro";
  const reserved = checkReservedName(name);
  if (reserved) {
    return { problem: reserved.what, fix: reserved.fix ?? fix };
  }
  return /^[a-z_][a-z0-9_-]{0,31}$/.test(name)
    ? undefined
    : { problem: `${show(name)} is not a user name`, fix };
}
