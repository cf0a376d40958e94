import { describe, expect, it } from 'vitest';
import { addUser, setPasswords } from './accounts.ts';

const FILES = {
  passwd: 'root:x:0:0:root:/root:/bin/bash\n',
  group: 'root:x:0:\nsudo:x:27:\nadm:x:4:syslog\n',
  shadow: 'root:*:20000:0:99999:7:::\n',
  gshadow: 'root:*::\nsudo:*::\nadm:*::syslog\n',
};
const USER = {
  name: 'micro',
  passwordHash: '$6$salt$hash',
  shell: '/bin/bash',
  groups: ['sudo', 'adm', 'absent'],
};

describe('addUser', () => {
  it('adds a user with its own group, and joins the groups that exist', () => {
    const files = addUser(FILES, USER);
    expect(files.passwd).toBe(`${FILES.passwd}micro:x:1000:1000::/home/micro:/bin/bash\n`);
    expect(files.group).toBe('root:x:0:\nsudo:x:27:micro\nadm:x:4:syslog,micro\nmicro:x:1000:\n');
    expect(files.gshadow).toBe('root:*::\nsudo:*::micro\nadm:*::syslog,micro\nmicro:!::\n');
    expect(files.shadow).toContain('\nmicro:$6$salt$hash:1:0:99999:7:::\n');
  });

  it('leaves other accounts unchanged', () => {
    expect(addUser(FILES, USER).shadow.startsWith(FILES.shadow)).toBe(true);
  });
});

describe('setPasswords', () => {
  const slot = {
    ...FILES,
    shadow: `${FILES.shadow}alice:!:1:0:99999:7:::\nbob:!:1:0:99999:7:::\n`,
  };
  const hash = '$6$salt$hash';

  it('sets the password of a user, which must be changed if the config says so', () => {
    const set = (mustChange: boolean) =>
      setPasswords(slot, [{ name: 'bob', hash, mustChange }]).shadow;
    expect(set(false)).toBe(slot.shadow.replace('bob:!:1:', `bob:${hash}:1:`));
    expect(set(true)).toBe(slot.shadow.replace('bob:!:1:', `bob:${hash}:0:`));
  });

  it('refuses one of a user that the image does not have', () => {
    expect(() => setPasswords(slot, [{ name: 'carl', hash, mustChange: false }])).toThrow(
      expect.objectContaining({ code: 'account-missing' }),
    );
  });
});

it('refuses a first user with the name of an account of the image', () => {
  for (const name of ['root', 'sudo']) {
    expect(() => addUser(FILES, { ...USER, name })).toThrow(
      expect.objectContaining({ code: 'account-taken' }),
    );
  }
});
