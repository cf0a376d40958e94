import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { fakeSystemd } from '../health/fake-systemd.testdata.ts';
import { checkHealth } from '../health/health.ts';
import { writeHealthReport } from '../health/report.ts';
import { MessageId } from '../journal/message-ids.ts';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { readRejections } from '../state/rejected.ts';
import { TRIAL } from '../state/trial.testdata.ts';
import { readTrial, writeTrial } from '../state/trial.ts';
import { readStatus } from '../status/status.ts';
import type { TestDevice } from '../testing.ts';
import { cameBack, history, reasonOf, told } from './trial-device.testdata.ts';

describe('a trial that was rolled back', () => {
  it('is recorded with the reason, and its image is rejected', async () => {
    const device = cameBack('micro_linux.boot=confirmed micro_linux.skipped=B');
    const before = await readStatus(device.system);
    expect(before.lastUpdate).toMatchObject({
      version: '2.0.0',
      outcome: 'rolled-back',
      reason: expect.stringContaining('GRUB could not load it'),
    });
    expect(readTrial(device.system.paths.state), 'status writes nothing').toBeDefined();

    const reason = await reasonOf(device);
    expect(reason?.summary).toContain('GRUB could not load it');
    expect(history(device).slice(1)).toEqual([
      {
        event: 'rolled-back',
        at: '2030-01-02T03:04:05.000Z',
        slot: 'B',
        version: '2.0.0',
        to: 'A',
        toVersion: '0.1.0',
        kind: 'update',
        tries: 1,
        armedAt: TRIAL.armedAt,
        reason: reason?.summary,
        details: '',
      },
    ]);
    expect(readRejections(device.system.paths.state)).toMatchObject([
      { manifestSha256: TRIAL.manifestSha256, version: '2.0.0', reason: reason?.summary },
    ]);
    expect(readdirSync(device.system.paths.state).sort()).toEqual([
      'history.jsonl',
      'rejected.json',
      'rollback-index',
    ]);
    expect(device.journal[0]).toContain(`MESSAGE_ID=${MessageId.rolledBack}`);
    expect(await readStatus(device.system)).toMatchObject({
      lastUpdate: { outcome: 'rolled-back', reason: reason?.summary },
    });
  });

  it('is recorded once, even after a power cut at any point', async () => {
    const device = cameBack();
    await markBoot(device.system);
    writeTrial(device.system.paths.state, TRIAL);
    device.restart('A');
    await markBoot(device.system);
    expect(told(device)).toEqual(['rolled-back B 2.0.0']);
    expect(readRejections(device.system.paths.state)).toHaveLength(1);
  });

  it('because its health checks failed', async () => {
    const device = cameBack();
    writeHealthReport(device.system.paths.state, {
      schema: 1,
      healthy: false,
      slot: 'B',
      version: '2.0.0',
      bootId: '33333333-1111-4111-8111-111111111111',
      at: '2030-01-01T00:01:00.000Z',
      trial: true,
      seconds: 120,
      checks: [
        { id: 'x', ok: true, note: 'fine', output: 'not told', seconds: 1 },
        {
          id: 'health.d/10-db',
          ok: false,
          note: 'it ended with status 1',
          output: 'no database\n',
          seconds: 120,
        },
      ],
    });
    writeFileSync(device.state('trial-failure'), 'its health checks failed\n');
    // As on the device: the old system records its own health before it settles the trial.
    fakeSystemd(device, {});
    await checkHealth(device.system, { record: true });
    expect(await reasonOf(device)).toEqual({
      summary: 'its health checks failed: health.d/10-db (it ended with status 1)',
      details: 'health.d/10-db:\nno database',
    });
  });

  it('because it was not confirmed in time', async () => {
    const device = cameBack();
    writeFileSync(
      device.state('trial-failure'),
      'it was not confirmed within 300 s\njobs that wait:\nota-agent-health.service start running\n',
    );
    expect(await reasonOf(device)).toEqual({
      summary: 'it was not confirmed within 300 s',
      details: 'jobs that wait:\nota-agent-health.service start running',
    });
  });

  it('because its kernel crashed, according to pstore', async () => {
    const device = cameBack();
    const [pstore = ''] = device.system.paths.pstore;
    mkdirSync(join(pstore, '1'));
    const old = join(pstore, 'dmesg-of-long-ago');
    writeFileSync(old, 'Kernel panic - not syncing: another one\n');
    utimesSync(old, new Date('2029-01-01'), new Date('2029-01-01'));
    const dump = join(pstore, '1', 'dmesg-efi-1');
    writeFileSync(
      dump,
      '<6>[    1.0] fine\n<0>[    2.0] Kernel panic - not syncing: Attempted to kill init!\n<4>[    2.1] CPU: 0\n',
    );
    utimesSync(dump, new Date('2030-01-02'), new Date('2030-01-02'));
    expect((await reasonOf(device))?.summary).toBe(
      'the kernel died: Kernel panic - not syncing: Attempted to kill init!',
    );
  });

  it('because its kernel crashed, logged in pieces and again as a whole', async () => {
    const device = cameBack();
    const [pstore = ''] = device.system.paths.pstore;
    mkdirSync(join(pstore, '1'));
    const pieces = {
      '1/dmesg-efi-101': 'Panic#2 Part1\n<4>[    2.1] RIP: 0010:sysrq_handle_crash+0x16\n',
      '1/dmesg-efi-102': 'Panic#2 Part2\n<0>[    2.0] Kernel panic - not syncing: sysrq\n',
      '1/dmesg.txt':
        'Panic#2 Part2\n<0>[    2.0] Kernel panic - not syncing: sysrq\n<4>[    2.1] RIP: 0010:sysrq_handle_crash+0x16\n',
    };
    for (const [name, content] of Object.entries(pieces)) {
      writeFileSync(join(pstore, name), content);
      utimesSync(join(pstore, name), new Date('2030-01-02'), new Date('2030-01-02'));
    }
    expect(await reasonOf(device)).toEqual({
      summary: 'the kernel died: Kernel panic - not syncing: sysrq',
      details: 'RIP: 0010:sysrq_handle_crash+0x16',
    });
  });

  it('because it hung, according to the watchdog', async () => {
    const device = cameBack();
    mkdirSync(join(device.system.paths.watchdogs, 'watchdog0'), { recursive: true });
    writeFileSync(join(device.system.paths.watchdogs, 'watchdog0/bootstatus'), '32\n');
    expect((await reasonOf(device))?.summary).toBe(
      'it hung, and the watchdog restarted the machine',
    );
  });

  it('for an unknown reason, which may be a power cut', async () => {
    expect((await reasonOf(cameBack()))?.summary).toBe(
      'it stopped before it could log anything: a kernel panic, a hang or a power cut, which also uses up a try',
    );
  });

  describe('with the reason from the journal', () => {
    const LIST = `IDX BOOT ID                          FIRST ENTRY
 -2 11111111111141118111111111111111 Tue 2030-01-01 00:00:00 UTC
 -1 33333333333343338333333333333333 Tue 2030-01-01 00:01:00 UTC
  0 22222222111141118111111111111111 Tue 2030-01-01 00:02:00 UTC
`;

    function journal(device: TestDevice, slot: string, tail: string): void {
      device.answer('/usr/bin/journalctl', async (_file, args): Promise<RunResult> => {
        const done = (stdout: string) => ({ stdout, stderr: '', exitCode: 0 });
        if (args.includes('--list-boots')) {
          return done(LIST);
        }
        if (!args.includes('--boot=33333333333343338333333333333333')) {
          throw new Error(`asked for another boot: ${args.join(' ')}`);
        }
        return done(
          args.includes('--dmesg')
            ? `Linux version 6.1\nCommand line: quiet micro_linux.slot=${slot} micro_linux.boot=trial\n`
            : tail,
        );
      });
    }

    it.each([
      [
        '[   12.5] host systemd[1]: Freezing execution.\n',
        'the last error in the journal: systemd[1]: Freezing execution.',
      ],
      [
        '[   40.0] host systemd-logind[300]: System is rebooting.\n[   41.0] host systemd[1]: Stopped x.\n',
        'it was restarted or switched off, in an orderly way, before it was confirmed',
      ],
      [
        '[   40.0] host systemd[1]: Started x.\n',
        'it stopped and logged nothing after 40 s: a kernel panic, a hang or a power cut, which also uses up a try',
      ],
    ])('%j', async (tail, summary) => {
      const device = cameBack();
      journal(device, 'B', tail);
      expect((await reasonOf(device))?.summary).toBe(summary);
    });

    it('ignores the boots of another slot', async () => {
      const device = cameBack();
      journal(device, 'A', '[   12.5] host systemd[1]: Freezing execution.\n');
      expect((await reasonOf(device))?.summary).toContain('before it could log anything');
    });
  });
});
