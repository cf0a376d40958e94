import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addInstallSource, readInstallSources } from './install-sources.ts';

const TEXT = `# a note
- id: one
  path: a.squashfs
  type: fsimage
  default: yes
  variations:
    small: {path: "b.squashfs", size: 1}
- id: "two"
  path: a.b.squashfs
  type: fsimage-layered
`;
const OWN = { id: 'ours', path: '../x.squashfs', name: 'Ours', description: 'D', bytes: 4096 };

test('makes ours the only default and keeps the rest, including unknown keys and comments', () => {
  const text = addInstallSource(TEXT, OWN);
  expect(text).toContain('# a note');
  expect(text).toContain('small: { path: "b.squashfs", size: 1 }');
  expect(parse(text, { version: '1.1' })).toEqual([
    {
      id: 'one',
      path: 'a.squashfs',
      type: 'fsimage',
      default: false,
      variations: { small: { path: 'b.squashfs', size: 1 } },
    },
    { id: 'two', path: 'a.b.squashfs', type: 'fsimage-layered', default: false },
    {
      default: true,
      description: { en: 'D' },
      id: 'ours',
      locale_support: 'none',
      name: { en: 'Ours' },
      path: '../x.squashfs',
      size: 4096,
      type: 'fsimage',
      variant: 'core',
    },
  ]);
});

test.each(['', '[]', 'version: 2\nsources: []\n', '- id: one\n', '- [\n'])(
  'refuses a list of another form: %j',
  (text) => {
    expect(() => readInstallSources(text)).toThrow(
      expect.objectContaining({ code: 'source-iso-incomplete' }),
    );
  },
);
