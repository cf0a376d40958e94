import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { etcEdits } from './etc-edits.ts';

type Files = Readonly<Record<string, string>>;

function places(changes: Files, oldImage: Files, newImage: Files) {
  const root = temporaryDirectory();
  const make = (name: string, files: Files) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name, path)), { recursive: true });
      if (content.startsWith('-> ')) {
        symlinkSync(content.slice(3), join(root, name, path));
      } else {
        writeFileSync(join(root, name, path), content);
      }
    }
    return join(root, name);
  };
  return {
    changes: make('changes', changes),
    oldImage: make('old', oldImage),
    newImage: make('new', newImage),
  };
}

const paths = (...layers: Parameters<typeof places>) =>
  etcEdits(places(...layers)).map(({ path }) => path);

it('are files that differ from those of both images', () => {
  const changes = {
    'ssh/sshd_config': 'mine',
    'both/same-as-new': 'new',
    'both/same-as-old': 'old',
    'only-here': 'x',
    link: '-> elsewhere',
  };
  const oldImage = {
    'ssh/sshd_config': 'old',
    'both/same-as-new': 'old',
    'both/same-as-old': 'old',
    link: '-> here',
  };
  const newImage = {
    'ssh/sshd_config': 'new',
    'both/same-as-new': 'new',
    'both/same-as-old': 'new',
    link: '-> here',
  };
  expect(paths(changes, oldImage, newImage)).toEqual(['link', 'ssh/sshd_config']);
});

it('exclude files that differ on every device, and accounts, which are merged', () => {
  const own = { passwd: '1', 'shadow-': '1', 'machine-id': '1', hostname: '1' };
  const shipped = { passwd: '2', 'shadow-': '2', 'machine-id': '', hostname: '2' };
  expect(paths(own, shipped, shipped)).toEqual([]);
});

it('are empty when there is no upper layer', () => {
  expect(etcEdits({ changes: '/no/such', oldImage: '/no/such', newImage: '/no/such' })).toEqual([]);
});

it('are reported up to a limit', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, 'mine']));
  const shipped = Object.fromEntries(Object.keys(many).map((name) => [name, 'theirs']));
  expect(paths(many, {}, shipped)).toHaveLength(200);
});
