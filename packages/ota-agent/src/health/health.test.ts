import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRIAL } from '../state/trial.testdata.ts';
import { writeTrial } from '../state/trial.ts';
import { type TestDevice, testDevice } from '../testing.ts';
import { type FakeUnit, fakeSystemd } from './fake-systemd.testdata.ts';
import { checkHealth, failedText } from './health.ts';
import { healthText, readHealthReport } from './report.ts';

const RUNS: FakeUnit = { active: 'active' };
const HEALTHY = (): Record<string, FakeUnit> => ({
  'ssh.service': RUNS,
  'systemd-networkd.service': RUNS,
  'app.service': RUNS,
});

function device(slot: 'A' | 'B', units = HEALTHY()): TestDevice {
  const made = testDevice(slot);
  fakeSystemd(made, units);
  made.listen('127.0.0.1:22', 'SSH-2.0-x\r\n');
  return made;
}

function configure(target: TestDevice, yaml: string): void {
  writeFileSync(join(target.system.paths.config[0] ?? '', 'config.yaml'), yaml);
}

/** A trial of B whose baseline is everything in {@link HEALTHY}. */
function onTrial(units = HEALTHY()): TestDevice {
  const made = device('B', units);
  const baseline = { ...TRIAL.baseline, units: ['app.service'], defaultRoute: false };
  writeTrial(made.system.paths.state, { ...TRIAL, baseline });
  return made;
}

const failing = async (target: TestDevice) =>
  failedText((await checkHealth(target.system, { record: true })).report);

describe('an ordinary boot', () => {
  it('is healthy when one unit of each line runs', async () => {
    const { report, notes } = await checkHealth(device('A').system, { record: true });
    expect(report).toMatchObject({
      healthy: true,
      slot: 'A',
      version: '0.1.0',
      bootId: '11111111-1111-4111-8111-111111111111',
      trial: false,
    });
    expect(report.checks.map(({ id, note }) => `${id}: ${note}`)).toEqual([
      'units/ssh.socket: ssh.service runs',
      'units/systemd-networkd.service: systemd-networkd.service runs',
    ]);
    expect(notes).toEqual([]);
  });

  it('waits for a unit that is still starting', async () => {
    const units = { ...HEALTHY(), 'ssh.service': { active: 'activating' } };
    const made = device('A', units);
    const pause = made.system.pause;
    const system = {
      ...made.system,
      async pause(milliseconds: number) {
        await pause(milliseconds);
        units['ssh.service'] = RUNS;
      },
    };
    expect((await checkHealth(system, { record: true })).report.healthy).toBe(true);
  });

  it('is not healthy without a required unit, and shows the unit’s output', async () => {
    const made = device('A', { 'ssh.service': { active: 'failed', result: 'exit-code' } });
    const { report } = await checkHealth(made.system, { record: true });
    expect(report.checks[0]).toMatchObject({
      ok: false,
      note: 'ssh.socket does not exist in this image, ssh.service is failed (exit-code), sshd.service does not exist in this image',
      output: 'last words of --unit=ssh.socket --unit=ssh.service --unit=sshd.service\n',
    });
    expect(readHealthReport(made.system.paths.state)).toEqual(report);
    expect(made.journal.join()).toContain('MESSAGE=this boot is not healthy: units/ssh.socket (');
    expect(healthText(report)).toMatch(
      /^FAILED {2}units[\s\S]*\n {10}last words[\s\S]*not healthy$/,
    );
  });

  it('does not count a unit between two crashes as running', async () => {
    const crashing = { active: 'active', restarts: 40, since: 0 };
    const made = device('A', { ...HEALTHY(), 'ssh.service': crashing });
    const { report } = await checkHealth(made.system, { record: false });
    expect(report.checks[0]?.note).toContain('ends again and again (40 restarts)');
    await made.system.pause(11_000);
    expect((await checkHealth(made.system, { record: false })).report.healthy).toBe(true);
  });

  it('is not compared with an earlier system', async () => {
    const made = device('A');
    writeTrial(made.system.paths.state, TRIAL);
    made.listen('127.0.0.1:22', undefined);
    expect(await failing(made)).toBe('');
  });

  it('runs the checks that the config adds', async () => {
    const made = device('A', {
      ...HEALTHY(),
      'bad.service': { active: 'failed', result: 'oom-kill' },
    });
    configure(
      made,
      'health:\n  requiredUnits: [app.service]\n  failedUnits: [bad.service, other.service]\n  defaultRoute: true\n',
    );
    expect(await failing(made)).toBe(
      'failed/bad.service (bad.service is failed (oom-kill)); route (there is no default route)',
    );
  });

  it('is checked by the defaults when the config is broken, and reports that', async () => {
    const made = device('A');
    configure(made, 'health: {requiredUnits: 1}\n');
    const { report, notes } = await checkHealth(made.system, { record: true });
    expect(report.healthy).toBe(true);
    expect(notes.join()).toContain('config.yaml:1: health.requiredUnits');
  });

  it('fails when a check in health.d fails', async () => {
    const made = device('A');
    const directory = join(made.system.paths.config[2] ?? '', 'health.d');
    mkdirSync(directory);
    writeFileSync(join(directory, '10-db'), '#!/bin/sh\necho no database\nexit 1\n', {
      mode: 0o755,
    });
    configure(made, 'health: {settleSeconds: 0}\n');
    expect(await failing(made)).toBe('health.d/10-db (it ended with status 1)');
  });
});

describe('a trial boot', () => {
  it('is healthy when everything runs that ran before', async () => {
    const { report } = await checkHealth(onTrial().system, { record: true });
    expect(report.checks.map(({ id }) => id)).toEqual([
      'units/ssh.socket',
      'units/systemd-networkd.service',
      'before/units',
      'before/sshd',
    ]);
    expect(report).toMatchObject({ healthy: true, trial: true, slot: 'B' });
  });

  it('is not healthy when a service fails that ran before', async () => {
    const units = { ...HEALTHY(), 'app.service': { active: 'failed', result: 'exit-code' } };
    expect(await failing(onTrial(units))).toBe(
      'before/units (ran before the update: app.service is failed (exit-code))',
    );
  });

  it('is not healthy when a service is missing, unless the config ignores it', async () => {
    const { 'app.service': _, ...units } = HEALTHY();
    const made = onTrial(units);
    expect(await failing(made)).toContain('app.service does not exist in this image');
    configure(made, 'health: {ignoreUnits: [app.service]}\n');
    expect(await failing(made)).toBe('');
  });

  it('is not healthy when sshd no longer responds, although its unit runs', async () => {
    const made = onTrial();
    made.listen('127.0.0.1:22', undefined);
    expect(await failing(made)).toBe(
      'before/sshd (sshd does not answer on port 22, as before the update)',
    );
  });

  it('is not healthy when the route or a host is gone', async () => {
    const made = device('B');
    const baseline = { units: [], defaultRoute: true, sshd: false, hosts: ['192.0.2.1:443'] };
    writeTrial(made.system.paths.state, { ...TRIAL, baseline });
    expect(await failing(made)).toBe(
      'before/route (there is no default route, as before the update); before/host/192.0.2.1:443 (192.0.2.1:443 accepts no connection, as before the update)',
    );
  });

  it('reports what failed before its deadline ends it', async () => {
    const made = onTrial();
    made.listen('127.0.0.1:22', undefined);
    configure(made, 'health: {settleSeconds: 3600}\n');
    await failing(made);
    expect(made.system.uptime()).toBeLessThanOrEqual(TRIAL.deadlineSeconds - 20);
  });

  it('after a requested rollback to an older image may have fewer services', async () => {
    const { 'app.service': _, ...units } = HEALTHY();
    const made = device('B', units);
    const baseline = { ...TRIAL.baseline, units: ['app.service'], defaultRoute: false };
    writeTrial(made.system.paths.state, { ...TRIAL, kind: 'rollback', baseline });
    expect(await failing(made)).toBe('');
  });

  it('is not compared when this user may not read the trial, and reports that', async () => {
    const made = device('B');
    // A directory in its place cannot be read, not even by root.
    mkdirSync(made.state('trial.json'), { recursive: true });
    const { report, notes } = await checkHealth(made.system, { record: false });
    expect(report).toMatchObject({ healthy: true, trial: false });
    expect(notes.join()).toContain('not compared with the system before: cannot read');
  });
});

it('still checks when it is unknown which slot runs', async () => {
  const made = device('A');
  writeFileSync(made.system.paths.cmdline, '');
  const { report } = await checkHealth(made.system, { record: true });
  expect(report).toMatchObject({ healthy: true, slot: null });
});
