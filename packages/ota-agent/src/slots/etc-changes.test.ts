import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { etcChanges } from './etc-changes.ts';

function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (text.startsWith('-> ')) {
      symlinkSync(text.slice(3), join(root, path));
    } else {
      writeFileSync(join(root, path), text);
    }
  }
  return root;
}

describe('etcChanges', () => {
  it('lists files of the image that differ on this device', () => {
    const image = tree({
      'ssh/sshd_config': 'Port 22\n',
      'same.conf': 'x',
      link: '-> /one',
      'same-link': '-> /one',
      'became-a-link': 'x',
      untouched: 'x',
    });
    const changes = tree({
      'ssh/sshd_config': 'Port 23\n',
      'same.conf': 'x',
      link: '-> /two',
      'same-link': '-> /one',
      'became-a-link': '-> /x',
      'new-file': 'x',
    });
    expect(etcChanges(changes, image)).toEqual(['became-a-link', 'link', 'ssh/sshd_config']);
  });

  it('leaves out files that are the machine’s state by design', () => {
    const names = ['passwd', 'shadow-', 'machine-id', 'hostname', 'ssh/ssh_host_rsa_key', 'hosts'];
    const files = (text: string) => tree(Object.fromEntries(names.map((name) => [name, text])));
    expect(etcChanges(files('here'), files('image'))).toEqual([]);
  });

  it('returns undefined when it cannot read the directories', () => {
    expect(etcChanges(tree({}), '/no/such/directory')).toBeUndefined();
    expect(etcChanges('/no/such/directory', tree({}))).toBeUndefined();
  });
});
