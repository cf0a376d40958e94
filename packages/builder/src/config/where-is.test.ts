import { expect, test } from 'vitest';
import { loadConfigFile } from './load.ts';

const TEXT = 'profile: bookworm\npackages:\n  add:\n    - curl\n    - curl\n    - jq\n';

const whereIs = async () =>
  (
    await loadConfigFile({
      text: TEXT,
      env: {},
      flags: [
        {
          path: ['packages', 'add'],
          value: ['tmux'],
          origin: { kind: 'flag', flag: '--add-package' },
          how: 'append',
        },
      ],
    })
  ).whereIs;

test.each([
  [['profile'], undefined, 'micro-linux.yaml:1:10'],
  [['packages', 'add'], 'curl', 'micro-linux.yaml:4:7'],
  [['packages', 'add'], 'jq', 'micro-linux.yaml:6:7'],
  [['packages', 'add'], 'tmux', 'flag --add-package'],
  [['packages', 'add'], 'vim', undefined],
  [['packages', 'remove'], 'jq', undefined],
  [['hostname'], undefined, undefined],
] as const)('finds %j %s at %s', async (path, entry, place) => {
  expect((await whereIs())(path, entry)).toBe(place);
});
