import { expect, test } from 'vitest';
import { parseSeed } from '../seed/parse-seed.ts';
import { commandRemarks } from './commands.ts';

const rulesOf = (command: unknown) => {
  const text = JSON.stringify({ 'late-commands': [command] });
  const { seed } = parseSeed(text, 'autoinstall.yaml');
  return seed ? commandRemarks(seed).map(({ rule }) => rule) : undefined;
};

test.each(['sed -i s/---/ds=nocloud;s=x/ /x', ['sh', '-c', 'echo ds=nocloud-net;s=http://x/']])(
  '%j has a bare semicolon',
  (command) => {
    expect(rulesOf(command)).toEqual(['semicolon']);
  },
);

test.each([
  'echo "ds=nocloud;s=x"',
  "echo 'ds=nocloud;s=x'",
  'echo ds=nocloud\\;s=x',
  'echo \\"ds=nocloud;s=x\\"',
  'echo a; echo b',
])('%j has none', (command) => {
  expect(rulesOf(command)).toEqual([]);
});

test.each([
  'reboot',
  'sudo reboot -f',
  'true && shutdown -r now',
  'a; systemctl --no-block poweroff',
  'a\nhalt',
  ['reboot'],
])('%j ends the machine', (command) => {
  expect(rulesOf(command)).toEqual(['command-reboot']);
});

test.each(['echo reboot', 'touch /target/run/reboot-required', 'rebooter', 'systemctl enable x'])(
  '%j does not',
  (command) => {
    expect(rulesOf(command)).toEqual([]);
  },
);
