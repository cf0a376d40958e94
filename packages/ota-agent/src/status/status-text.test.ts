import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { appendHistory } from '../state/history.ts';
import { testDevice } from '../testing.ts';

it('quoted text cannot add a row to the status or the history', async () => {
  const device = testDevice();
  const evil = 'bad\nsystem    fine\u001b[2J';
  appendHistory(
    device.system.paths.state,
    {
      ...{ event: 'condemned', at: '2030-01-01T00:00:00.000Z', slot: 'B', version: evil },
      reason: evil,
    },
    { maximumBytes: 65_536 },
  );
  mkdirSync(join(device.system.paths.config[0] ?? '', 'config.yaml.d'));
  writeFileSync(
    join(device.system.paths.config[0] ?? '', 'config.yaml.d/x.yaml'),
    '"a\\nsystem": 1\n',
  );
  for (const command of ['status', 'history']) {
    const { stdout } = await device.agent(command);
    expect(stdout).toContain('bad');
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').filter((line) => /^system/.test(line)).length).toBeLessThan(2);
  }
});
