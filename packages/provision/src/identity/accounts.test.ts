import { describe, expect, it } from 'vitest';
import { addUser } from './accounts.ts';

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
