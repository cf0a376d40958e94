import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Slot } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SampleUpdate, sampleUpdate } from '../slot-image/sample-update.testdata.ts';
import { readHistory } from '../state/history.ts';
import { type ApplyDevice, applyDevice } from './apply-device.testdata.ts';

let update: SampleUpdate;
beforeAll(async () => {
  update = await sampleUpdate();
});
afterAll(() => update.remove());

function device(running: Slot = 'A'): ApplyDevice {
  const made = applyDevice(running);
  made.trust(update.publicPem);
  return made;
}

describe('the command line of apply', () => {
  it('prints one object, exits with 4 when a reboot is needed, and reports progress as JSON', async () => {
    const on = device();
    const argv = ['apply', update.path, '--no-reboot', '--json', '--progress=json', '--tries=2'];
    const { exitCode, stdout, stderr } = await on.agent(...argv);
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      ok: true,
      result: 'armed',
      slot: 'B',
      version: '0.2.0',
      buildId: 'build-of-0.2.0',
      fromVersion: '0.1.0',
      tries: 2,
      chunksWritten: 5,
      chunksKept: 0,
      etcKept: [],
      rebooting: false,
    });
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(0)).toMatchObject({ schema: 1, event: 'started', step: 'head' });
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'progress',
        step: 'write',
        percent: 100,
        doneBytes: update.image.length,
        totalBytes: update.image.length,
      }),
    );
    expect(events.at(-1)).toMatchObject({ event: 'done', step: 'finish' });
  });

  it('restarts by default, and says so', async () => {
    const on = device();
    const { exitCode, stdout, stderr } = await on.agent('apply', update.path);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '0.2.0 is installed in slot B; restarting to try it\n',
    });
    expect(stderr).toMatch(/^done {3}read the head of .*: bookworm 0\.2\.0 \(\d+\.\d s\)$/m);
    expect(on.reboots()).toBe(1);
  });

  it('--dry-run prints checks and steps and changes nothing', async () => {
    const on = device();
    const before = [on.slot('B'), readFileSync(on.esp('/grub/grubenv'))];
    const { exitCode, stdout } = await on.agent('apply', update.path, '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  ok       signatures\n');
    expect(stdout).toMatch(/^ {3}3 {2}set GRUB to boot only slot A: slot B is not ok$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('  13  restart the machine');
    expect([on.slot('B'), readFileSync(on.esp('/grub/grubenv'))]).toEqual(before);
    expect(existsSync(on.system.paths.state)).toBe(false);
  });

  it('--dry-run exits as the apply would, and shows every check', async () => {
    const on = applyDevice('A', { success: false });
    const { exitCode, stdout } = await on.agent('apply', update.path, '--dry-run', '--json');
    expect(exitCode).toBe(5);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ ok: false, code: 'key-unknown', result: 'refused' });
    expect(result.checks).toContainEqual({
      title: 'the running system is confirmed',
      ok: false,
      code: 'boot-unconfirmed',
    });
  });
});

it('reports and records files of /etc that stay as they are on the device', async () => {
  const on = device();
  const { etcChanges, etcOfImage } = on.system.paths;
  mkdirSync(etcChanges);
  mkdirSync(etcOfImage);
  writeFileSync(join(etcChanges, 'motd'), 'mine\n');
  writeFileSync(join(etcOfImage, 'motd'), 'welcome to 0.1.0\n');
  const { stderr, stdout } = await on.agent('apply', update.path, '--no-reboot', '--json');
  expect(JSON.parse(stdout).etcKept).toEqual(['/etc/motd']);
  expect(stderr).toContain('/etc/motd stays as it is on this device');
  expect(readHistory(on.system.paths.state).entries.at(-1)).toMatchObject({ etcKept: 'motd' });
});
