import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addConfigOptions, CONFIG_FLAGS, configFlags } from './flags.ts';
import { allKeys, keyInfo } from './key-info.ts';

const parse = (...argv: string[]) => {
  const command = addConfigOptions(new Command()).exitOverride();
  command.parse(argv, { from: 'user' });
  return command.opts();
};

/** They belong to the product, not to one build. */
const WITHOUT_FLAG =
  /^(?:extends|variants|overlay|files|initial|owners|groups|packages\.components|repositories|user\.sudo|users|sysctl|environment|firewall|defaultTarget)$|^(?:agent|boot|cloudInit|hooks|modules|network\.interfaces|ntp|prune|services|swap)(?:\.|$)|^install\.\w+Commands$/;

test('every key has a flag, except those of the product', () => {
  const flagged = CONFIG_FLAGS.map(({ path }) => path.join('.'));
  const missing = allKeys().filter(
    (key) => !keyInfo(key.split('.'))?.properties && !flagged.includes(key),
  );
  expect(missing.filter((key) => !WITHOUT_FLAG.test(key))).toEqual(['mirror.archive']);
});

test('every flag sets a key that exists', () => {
  for (const { path } of CONFIG_FLAGS) {
    expect(keyInfo(path), path.join('.')).toBeDefined();
  }
});

test.each(CONFIG_FLAGS.filter(({ value }) => value !== undefined).map(({ flag }) => flag))(
  '%s becomes an override that knows its flag',
  (flag) => {
    const [override, ...others] = configFlags(parse(flag, 'x'));
    expect(others).toEqual([]);
    expect(override?.origin).toEqual({ kind: 'flag', flag });
    expect([override?.value].flat()).toEqual(['x']);
  },
);

test('a repeated list flag collects its values', () => {
  expect(configFlags(parse('--dns', 'a', 'b', '--dns', 'c'))[0]?.value).toEqual(['a', 'b', 'c']);
});

test('--prefix is a number', () => {
  expect(configFlags(parse('--prefix', '24'))[0]?.value).toBe(24);
});

test.each(CONFIG_FLAGS.filter(({ sets }) => sets !== undefined))(
  '$flag sets its value, and nothing if it is not given',
  ({ flag, path, sets }) => {
    const origin = { kind: 'flag', flag };
    expect(configFlags(parse(flag))).toEqual([{ path, value: sets, origin, how: 'replace' }]);
    expect(configFlags(parse())).toEqual([]);
  },
);

test('--install-ssd is true or false; other values are left to the schema', () => {
  const value = (text: string) => configFlags(parse('--install-ssd', text))[0]?.value;
  expect(['true', 'false', 'yes'].map(value)).toEqual([true, false, 'yes']);
});

test('ignores other options', () => {
  expect(configFlags({ json: true, config: 'a.yaml' })).toEqual([]);
});

test('--config is among the options', () => {
  expect(parse('--config', 'a.yaml')['config']).toBe('a.yaml');
});

test('the help lists each flag', () => {
  expect(addConfigOptions(new Command('build')).helpInformation()).toMatchSnapshot();
});
