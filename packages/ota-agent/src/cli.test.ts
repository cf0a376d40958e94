import { writeFileSync } from 'node:fs';
import { EspPath, ExitCode } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { fakeSystemd } from './health/fake-systemd.testdata.ts';
import { sayMounted } from './system/mounted-root.testdata.ts';
import { FACTORY, testDevice } from './testing.ts';

describe('status', () => {
  it('prints one flat object with --json', async () => {
    const { exitCode, stdout, stderr } = await testDevice().agent('status', '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: ExitCode.done, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      ok: true,
      booted: 'A',
      bootReason: 'confirmed',
      skipped: null,
      confirmed: 'A',
      bootSuccess: false,
      bootCounter: 2,
      trial: null,
      twins: [],
      trialTries: 0,
      profile: 'bookworm',
      version: '0.1.0',
      compatible: 'micro-linux-bookworm-amd64',
      buildId: 'abc',
      kernel: '6.1.0-53-cloud-amd64',
      env: 'ok',
      envCopy: 'ok',
      marker: 'ok',
      problems: [],
      slots: [
        {
          name: 'A',
          version: '0.1.0',
          ok: true,
          booted: true,
          confirmed: true,
          trial: false,
        },
        {
          name: 'B',
          version: null,
          ok: false,
          booted: false,
          confirmed: false,
          trial: false,
        },
      ],
      lastUpdate: null,
      rollbackIndex: 0,
      imageRollbackIndex: 0,
      imageTooOld: false,
      rejected: [],
      configProblems: [],
      dataProblems: [],
      etcChanges: null,
      notes: [],
    });
  });

  it('prints the same as text', async () => {
    const device = testDevice('A', { ...FACTORY, success: true, trial: { slot: 'B', tries: 2 } });
    writeFileSync(device.esp(EspPath.envCopy), new Uint8Array(1024));
    const { stdout } = await device.agent('status');
    expect(stdout).toContain('system    bookworm 0.1.0, kernel 6.1.0-53-cloud-amd64\n');
    expect(stdout).toContain('running   slot A (confirmed, healthy), chosen as confirmed\n');
    expect(stdout).toContain('slot A    ok, confirmed, version 0.1.0\n');
    expect(stdout).toContain('slot B    not ok, to be tried 2 times\n');
    expect(stdout).toContain('boot env  ok, copy damaged, marker ok\n');
  });

  it('shows that a slot is on trial', async () => {
    expect((await testDevice('B').agent('status')).stdout).toContain(
      'running   slot B (on trial, not confirmed yet)',
    );
  });

  it('works when the image has no image.json', async () => {
    const device = testDevice();
    writeFileSync(device.system.paths.imageInfo, '');
    expect((await device.agent('status')).stdout).toContain('system    unknown\n');
  });
});

describe('history', () => {
  it('lists what happened, and warns if the history was changed', async () => {
    const device = testDevice();
    expect((await device.agent('history')).stdout).toBe('nothing has happened yet\n');
    await device.agent('mark-boot');
    const { stdout } = await device.agent('history');
    expect(stdout).toBe(
      '2030-01-02T03:04:05.000Z  confirmed    slot A  0.1.0  (kind first-boot)\n',
    );
    writeFileSync(device.state('history.jsonl'), 'nonsense\n');
    const damaged = await device.agent('history', '--json');
    expect(JSON.parse(damaged.stdout)).toMatchObject({ ok: true, entries: [], intact: false });
    expect(damaged.stderr).toContain('the history is damaged');
  });
});

describe('health', () => {
  it('exits with 1 when a check fails, and names it in both formats', async () => {
    const device = testDevice();
    fakeSystemd(device, { 'ssh.service': { active: 'active' } });
    const text = await device.agent('health');
    expect(text.exitCode).toBe(ExitCode.failed);
    expect(text.stdout).toContain('ok      units/ssh.socket: ssh.service runs\n');
    expect(text.stdout).toContain('FAILED  units/systemd-networkd.service: ');
    const { exitCode, stdout } = await device.agent('health', '--json');
    expect(exitCode).toBe(ExitCode.failed);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      ok: false,
      code: 'unhealthy',
      message: '1 of 2 checks failed',
      healthy: false,
      checks: [{ id: 'units/ssh.socket', ok: true }, { ok: false }],
    });
  });

  it('exits with 0 when all checks pass', async () => {
    const device = testDevice();
    const runs = { active: 'active' };
    fakeSystemd(device, { 'ssh.service': runs, 'NetworkManager.service': runs });
    const { exitCode, stdout } = await device.agent('health', '--record');
    expect(exitCode).toBe(ExitCode.done);
    expect(stdout).toMatch(/\nhealthy\n$/);
  });
});

describe('status for an ordinary user', () => {
  it('shows everything except the state directory, and says why', async () => {
    const device = testDevice();
    // A file in place of the directory: nobody can read below it, not even root.
    writeFileSync(device.system.paths.state, '');
    const { exitCode, stdout } = await device.agent('status', '--json');
    expect(exitCode).toBe(ExitCode.done);
    expect(JSON.parse(stdout)).toMatchObject({
      booted: 'A',
      version: '0.1.0',
      lastUpdate: null,
      rollbackIndex: null,
      rejected: null,
      notes: ['only root can read the history of updates'],
    });
  });
});

describe('mark-boot', () => {
  it('reports what it did, and does nothing the second time', async () => {
    const device = testDevice();
    expect(await device.agent('mark-boot')).toEqual({
      exitCode: ExitCode.done,
      stdout: 'slot A is confirmed\n',
      stderr: '',
    });
    expect((await device.agent('mark-boot')).stdout).toBe('slot A was confirmed already\n');
    expect(JSON.parse((await device.agent('status', '--json')).stdout)).toMatchObject({
      bootSuccess: true,
      bootCounter: 3,
    });
  });

  it('fails when the ESP cannot be written', async () => {
    const device = testDevice();
    device.breakEsp();
    expect(await device.agent('mark-boot')).toEqual({
      exitCode: ExitCode.failed,
      stdout: '',
      stderr: 'error[esp-unwritable]: broken for the test\n',
    });
  });
});

describe('every command line', () => {
  it('prints an error as one object with --json', async () => {
    const device = testDevice();
    sayMounted(device.system.paths, { '/': 'vda3' });
    const { exitCode, stdout } = await device.agent('mark-boot', '--json');
    expect(exitCode).toBe(ExitCode.failed);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      ok: false,
      code: 'booted-slot-mismatch',
      chosen: 'A',
      mounted: 'B',
    });
  });

  it('supports --help and --version, and exits with 2 on a mistake', async () => {
    const device = testDevice();
    expect((await device.agent('--version')).stdout).toBe('1.2.3\n');
    expect((await device.agent('--help')).stdout).toMatch(/status[\s\S]*mark-boot/);
    expect((await device.agent('markboot')).exitCode).toBe(ExitCode.usage);
    expect((await device.agent('status', '--nonsense')).exitCode).toBe(ExitCode.usage);
  });
});

describe('a command line that cannot be read', () => {
  it.each([
    [['status', '--no-such-flag']],
    [['statsu']],
    [['apply']],
    [['mark-boot', '--bad', '--reason', '--reboot']],
  ])('is one object with --json, and does not reboot: %j', async (argv) => {
    const device = testDevice();
    const { exitCode, stdout, stderr } = await device.agent(...argv, '--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: ExitCode.usage, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, ok: false, code: 'usage', exitCode: 2 });
    expect(device.reboots()).toBe(0);
  });
});
