import { ExitCode } from '@micro-linux/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agent, agentError, agentStatus, apply } from '../../harness/device/agent.ts';
import type { Device } from '../../harness/device/device.ts';
import { updatePath } from '../../harness/device/stage.ts';
import { awakeDevice, untold, withPatientTrials } from '../on-device.ts';

const ESC = '\x1b';
const DOWN = '\x0e'; // Ctrl-N
const ENTER = '\r';

const NEWER = updatePath('higher-index');
const MARK = 'ota-agent-mark-boot.service';

// docs/explanation/security.md, "An image below the index that runs anyway": its ways out, by hand.
describe.skipIf(untold)('an image below the rollback index, by bios', () => {
  let device: Device;
  beforeAll(async () => {
    device = await withPatientTrials(await awakeDevice('bios', 'older-image'));
  });
  afterAll(() => device?.dispose());

  const settled = () =>
    device.until(`systemctl show -P SubState ${MARK} | grep -qx -e exited -e failed`);

  /** Restarts into slot A, which has the older image, picked at the console. */
  const pickOlder = async () => {
    await device.reboot();
    await device.sees('Esc for the menu');
    device.machine.send(ESC);
    await device.sees('Restart');
    // "Automatic choice" is the first line.
    device.machine.send(`${DOWN}${ENTER}`);
    await device.chooses('A manual');
    await device.comesUp();
    await settled();
  };

  const newerIsConfirmed = async () => {
    await device.comesUp();
    await settled();
    expect(await agentStatus(device)).toMatchObject({
      version: '3.0.0',
      booted: 'B',
      confirmed: 'B',
      bootSuccess: true,
      imageTooOld: false,
      rollbackIndex: 2,
    });
  };

  it('is no longer ok once an image with a higher index is confirmed', async () => {
    const applied = await apply(device, NEWER);
    expect(applied, applied.stderr).toMatchObject({ exitCode: ExitCode.rebootNeeded });
    await device.reboot();
    await device.chooses('B trial');
    await newerIsConfirmed();
    const { slots } = await agentStatus(device);
    expect(slots.map(({ ok }) => ok)).toEqual([false, true]);
    expect(await agentError(device, 'rollback --no-reboot')).toMatch(/^slot-not-ok /);
  });

  it('runs when it is picked, is not confirmed, and reports that everywhere', async () => {
    await pickOlder();
    const why = 'its rollback index is 1, and an image with 2 was healthy here';
    const text = device.machine.console.text;
    expect(text.slice(text.lastIndexOf('slot A (manual)'))).toContain(why);
    const { stdout: told } = await agent(device, 'status');
    expect(told).toMatch(/^TOO OLD +this image has rollback index 1/m);
    const status = await agentStatus(device);
    expect(status).toMatchObject({
      version: '1.0.0',
      booted: 'A',
      confirmed: 'B',
      bootSuccess: false,
      imageTooOld: true,
      rollbackIndex: 2,
    });
    expect((await device.root('journalctl -b -p 2 -t ota-agent -o cat')).stdout).toContain(why);
    const { stdout: unit } = await device.root(`systemctl show ${MARK}`);
    expect(unit).toContain('ActiveState=failed\n');
    expect(unit).toContain('ExecMainStatus=5\n');
    // A retry would not change that.
    expect(unit).toContain('NRestarts=0\n');
    expect(await agentError(device, 'mark-boot')).toBe('image-too-old 5');
    expect(await agentError(device, `apply --no-reboot ${updatePath('v2')}`)).toBe(
      'rollback-index 5',
    );
  });

  it('is confirmed for one boot at root’s request, and a newer update replaces it', async () => {
    const accepted = await agent(device, 'mark-boot --accept-older-index');
    expect(accepted, accepted.stderr).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('below 2: accepted for this boot'),
    });
    expect(await agentStatus(device)).toMatchObject({
      booted: 'A',
      confirmed: 'A',
      bootSuccess: true,
      imageTooOld: true,
      rollbackIndex: 2,
    });
    expect(await agentError(device, `apply --no-reboot ${updatePath('v2')}`)).toBe(
      'rollback-index 5',
    );
    const applied = await apply(device, NEWER);
    expect(applied, applied.stderr).toMatchObject({ exitCode: ExitCode.rebootNeeded });
    await device.reboot();
    await device.chooses('B trial');
    await newerIsConfirmed();
  });

  it('a restart leaves it', async () => {
    await pickOlder();
    expect(await agentStatus(device)).toMatchObject({ booted: 'A', bootSuccess: false });
    await device.reboot();
    await device.chooses('B confirmed');
    await newerIsConfirmed();
  });
});
