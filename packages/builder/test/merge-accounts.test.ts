import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../rootfs-overlay/usr/lib/micro-linux/merge-accounts');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'accounts-'));
  await mkdir(join(directory, 'slot'));
  await mkdir(join(directory, 'data'));
});
afterEach(() => rm(directory, { recursive: true }));

async function merge(
  slot: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>>,
): Promise<(name: string) => Promise<string>> {
  for (const [place, files] of [
    ['slot', slot],
    ['data', data],
  ] as const) {
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(directory, place, name), text, { mode: 0o640 });
    }
  }
  await run(SCRIPT, [join(directory, 'slot'), join(directory, 'data')]);
  return (name) => readFile(join(directory, 'data', name), 'utf8');
}

describe('merge-accounts', () => {
  it('adds accounts of a new image, and keeps those of the device', async () => {
    const read = await merge(
      {
        passwd: 'root:x:0:0::/:/bin/sh\nnew:x:105:105::/:/bin/false\n',
        shadow: 'root:*:1::::::\nnew:!:1::::::\n',
      },
      {
        passwd: 'root:x:0:0::/root:/bin/bash\nmicro:x:1000:1000::/home/micro:/bin/bash\n',
        shadow: 'root:*:1::::::\nmicro:$6$own:1::::::\n',
      },
    );
    expect(await read('passwd')).toBe(
      'root:x:0:0::/root:/bin/bash\nmicro:x:1000:1000::/home/micro:/bin/bash\nnew:x:105:105::/:/bin/false\n',
    );
    expect(await read('shadow')).toBe('root:*:1::::::\nmicro:$6$own:1::::::\nnew:!:1::::::\n');
  });

  it('moves an id that is taken, and the users of a moved group with it', async () => {
    const read = await merge(
      { group: 'fresh:x:101:\n', passwd: 'fresh:x:101:101::/:/bin/false\n' },
      { group: 'old:x:101:\ntop:x:999:\n', passwd: 'old:x:101:101::/:/bin/false\n' },
    );
    expect(await read('group')).toBe('old:x:101:\ntop:x:999:\nfresh:x:998:\n');
    expect(await read('passwd')).toBe(
      'old:x:101:101::/:/bin/false\nfresh:x:999:998::/:/bin/false\n',
    );
  });

  it('moves the number of a person to a free one above 1000 that the image does not use', async () => {
    const read = await merge(
      {
        group: 'ann:x:2001:\nbea:x:2002:\n',
        passwd: 'ann:x:2001:2001::/home/ann:/bin/sh\nbea:x:2002:2002::/home/bea:/bin/sh\n',
      },
      { group: 'own:x:2001:\n', passwd: 'own:x:2001:2001::/home/own:/bin/sh\n' },
    );
    expect(await read('group')).toBe('own:x:2001:\nann:x:2003:\nbea:x:2002:\n');
    expect(await read('passwd')).toBe(
      'own:x:2001:2001::/home/own:/bin/sh\nann:x:2003:2003::/home/ann:/bin/sh\n' +
        'bea:x:2002:2002::/home/bea:/bin/sh\n',
    );
  });

  it('changes nothing when run again, keeps the mode and leaves no file behind', async () => {
    const slot = { group: 'a:x:1:\nb:x:2:\n' };
    const read = await merge(slot, { group: 'a:x:1:micro\n' });
    const once = await read('group');
    expect(once).toBe('a:x:1:micro\nb:x:2:\n');
    await run(SCRIPT, [join(directory, 'slot'), join(directory, 'data')]);
    expect(await read('group')).toBe(once);
    expect((await stat(join(directory, 'data/group'))).mode & 0o777).toBe(0o640);
    expect(await readdir(join(directory, 'data'))).toEqual(['group']);
  });

  it('adds only new accounts to the groups they have in the image', async () => {
    const files = {
      passwd: 'root:x:0:0::/:/bin/sh\nold:x:100:100::/:/bin/false\n',
      group: 'adm:x:4:micro\nempty:x:5:\n',
      gshadow: 'adm:*::micro\nempty:!::\n',
    };
    const slot = {
      passwd: `${files.passwd}new:x:105:105::/:/bin/false\n`,
      group: 'adm:x:4:old,new\nempty:x:5:new\nnew:x:105:\n',
      gshadow: 'adm:*::old,new\nempty:!::new\nnew:!::\n',
    };
    const read = await merge(slot, files);
    expect(await read('group')).toBe('adm:x:4:micro,new\nempty:x:5:new\nnew:x:105:\n');
    expect(await read('gshadow')).toBe('adm:*::micro,new\nempty:!::new\nnew:!::\n');
    // `new` exists by now: a member that the administrator removes is not added again.
    await writeFile(join(directory, 'data/group'), 'adm:x:4:micro\nempty:x:5:\nnew:x:105:\n');
    await run(SCRIPT, [join(directory, 'slot'), join(directory, 'data')]);
    expect(await read('group')).toBe('adm:x:4:micro\nempty:x:5:\nnew:x:105:\n');
  });

  it('finishes what a power cut interrupted, without doubling a membership', async () => {
    const read = await merge(
      { passwd: 'new:x:105:105::/:/bin/false\n', group: 'adm:x:4:new\nnew:x:105:\n' },
      { passwd: 'root:x:0:0::/:/bin/sh\n', group: 'adm:x:4:new\nnew:x:105:\n' },
    );
    expect(await read('group')).toBe('adm:x:4:new\nnew:x:105:\n');
    expect(await read('passwd')).toContain('new:x:105:105');
  });

  it('keeps a moved group together with its users after a power cut', async () => {
    // The group was moved from 101 to 998 before power was lost; its user was not added yet.
    const read = await merge(
      { group: 'fresh:x:101:\n', passwd: 'fresh:x:101:101::/:/bin/false\n' },
      { group: 'old:x:101:\nfresh:x:998:\n', passwd: 'old:x:101:101::/:/bin/false\n' },
    );
    expect(await read('passwd')).toContain('fresh:x:999:998:');
  });

  it('assigns no number below 100, and changes nothing if none is left', async () => {
    const taken = Array.from({ length: 900 }, (_, index) => `g${index}:x:${index + 100}:\n`).join(
      '',
    );
    const files = { group: 'fresh:x:101:\n' };
    await expect(merge(files, { group: taken })).rejects.toMatchObject({ code: 'tool-failed' });
    expect(await readFile(join(directory, 'data/group'), 'utf8')).toBe(taken);
    expect(await readdir(join(directory, 'data'))).toEqual(['group']);
  });

  it('does not write through a link in place of its new file', async () => {
    await writeFile(join(directory, 'target'), 'untouched');
    await symlink(join(directory, 'target'), join(directory, 'data/group.new'));
    const read = await merge({ group: 'a:x:1:\n' }, { group: 'b:x:2:\n' });
    expect(await read('group')).toBe('b:x:2:\na:x:1:\n');
    expect(await readFile(join(directory, 'target'), 'utf8')).toBe('untouched');
  });

  it('loses nothing if the device is rolled back to the older image and updated again', async () => {
    const older = { passwd: 'root:x:0:0::/:/bin/sh\na:x:100:100::/:/bin/false\n' };
    const newer = { passwd: 'root:x:0:0::/:/bin/sh\nb:x:100:100::/:/bin/false\n' };
    const device = `${older.passwd}micro:x:1000:1000::/home/micro:/bin/bash\n`;
    const read = await merge(newer, { passwd: device });
    const both = `${device}b:x:999:100::/:/bin/false\n`;
    expect(await read('passwd')).toBe(both);
    for (const slot of [older, newer]) {
      await writeFile(join(directory, 'slot/passwd'), slot.passwd);
      await run(SCRIPT, [join(directory, 'slot'), join(directory, 'data')]);
      expect(await read('passwd')).toBe(both);
    }
  });

  it('creates no file that the device does not have', async () => {
    await merge({ gshadow: 'a:!::\n' }, {});
    expect(await readdir(join(directory, 'data'))).toEqual([]);
  });
});
