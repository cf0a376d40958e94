/** The four account files of /etc, as text. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
  readonly shadow: string;
  readonly gshadow: string;
}

export interface NewUser {
  readonly name: string;
  /** What /etc/shadow holds for the password: a crypt(5) hash, or `!` for none. */
  readonly passwordHash: string;
  readonly shell: string;
  /** Groups the user joins where the image has them. */
  readonly groups: readonly string[];
}

/** First id of ordinary users on Debian and Ubuntu (login.defs, UID_MIN). */
export const FIRST_USER_ID = 1000;

/** Adds one user with a group of the same name; formats per passwd(5), shadow(5), gshadow(5). */
export function addUser(files: AccountFiles, user: NewUser): AccountFiles {
  const id = FIRST_USER_ID;
  const join = (text: string, memberField: number) =>
    text
      .split('\n')
      .map((line) => {
        const fields = line.split(':');
        if (!user.groups.includes(fields[0] ?? '')) {
          return line;
        }
        const members = (fields[memberField] ?? '').split(',').filter((name) => name !== '');
        fields[memberField] = [...members, user.name].join(',');
        return fields.join(':');
      })
      .join('\n');
  return {
    passwd: `${files.passwd}${user.name}:x:${id}:${id}::/home/${user.name}:${user.shell}\n`,
    group: `${join(files.group, 3)}${user.name}:x:${id}:\n`,
    // Day 1: a fixed date of the last change, and no expiry; 0 would ask for a change at login.
    shadow: `${files.shadow}${user.name}:${user.passwordHash}:1:0:99999:7:::\n`,
    gshadow: `${join(files.gshadow, 3)}${user.name}:!::\n`,
  };
}
