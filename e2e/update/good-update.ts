import { run, start } from '@micro-linux/core';
import type { FirmwareKind } from 'micro-linux/vm/firmware';
import { createSsh } from 'micro-linux/vm/ssh';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agent, agentError, agentHistory, agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import { updatePath } from '../harness/device/stage.ts';
import { identity, leaveTraces } from '../harness/device/traces.ts';
import { awakeDevice, stages, untold } from './on-device.ts';

/** A good update from start to end, and a rollback, on one firmware. */
export function goodUpdate(firmware: FirmwareKind): void {
  describe.skipIf(untold)(`a good update, by ${firmware}`, () => {
    let device: Device;
    let before: string;
    beforeAll(async () => {
      device = await awakeDevice(firmware, 'good-update');
    });
    afterAll(() => device?.dispose());

    it('is written into the other slot, and armed', async () => {
      await leaveTraces(device);
      before = await identity(device);
      const steps: string[] = [];
      const applied = await apply(device, updatePath('v2'), '--no-reboot', ({ event, step }) => {
        if (event === 'done') {
          steps.push(step);
        }
      });
      expect(applied, applied.stderr).toMatchObject({ exitCode: 4 });
      expect(steps).toEqual(expect.arrayContaining(['condemn', 'write', 'expose', 'arm']));
      expect(await agentStatus(device)).toMatchObject({
        version: '1.0.0',
        confirmed: 'A',
        trial: 'B',
        trialTries: 1,
        lastUpdate: { version: '2.0.0', outcome: 'pending' },
      });
    });

    it('is tried once, becomes healthy, and is confirmed', async () => {
      await device.reboot();
      await device.chooses('B trial');
      await device.comesUp();
      const status = await agentStatus(device);
      expect(status).toMatchObject({
        version: '2.0.0',
        booted: 'B',
        bootReason: 'trial',
        confirmed: 'B',
        bootSuccess: true,
        trial: null,
        problems: [],
        lastUpdate: { version: '2.0.0', outcome: 'confirmed' },
      });
      expect(status.slots).toMatchObject([
        { name: 'A', version: '1.0.0', ok: true, confirmed: false },
        { name: 'B', version: '2.0.0', ok: true, confirmed: true },
      ]);
      expect(await state(device)).toBe('running');
    });

    it('installs the new system: its packages, system users and kernel arguments', async () => {
      const { stdout } = await device.shell(
        'getent passwd tcpdump; command -v tcpdump; cat /proc/cmdline',
      );
      expect(stdout).toMatch(/^tcpdump:/m);
      expect(stdout).toMatch(/\/tcpdump$/m);
      expect(stdout).toContain(' story=2 ');
    });

    it('keeps the device’s identity, users, passwords and files', async () => {
      expect(await identity(device)).toBe(before);
      const { user, password } = stages().login;
      const byPassword = await createSsh({
        port: await device.machine.forwardedPort(22),
        login: { user, password },
        directory: device.directory,
        run,
        start,
      });
      expect((await byPassword.run('whoami', {})).stdout).toBe(`${user}\n`);
    });

    it('is in the journal, with an explanation, and in the history', async () => {
      const { stdout } = await device.root('journalctl -t ota-agent -x --no-pager');
      expect(stdout).toContain('2.0.0');
      expect(stdout).toMatch(/^░░ /m);
      const { entries, intact } = await agentHistory(device);
      expect(intact).toBe(true);
      expect(entries.map(({ event, version }) => `${event} ${version}`).slice(-2)).toEqual([
        'installed 2.0.0',
        'confirmed 2.0.0',
      ]);
    });

    it('leaves both slots as they were signed', async () => {
      const verified = await agent(device, 'verify');
      expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
    });

    it('is not applied twice', async () => {
      expect((await apply(device, updatePath('v2'))).exitCode).toBe(3);
      expect(await agentError(device, `apply --no-reboot ${updatePath('older')}`)).toBe(
        'downgrade 5',
      );
    });

    it('can be rolled back: the old system is tried, and confirmed', async () => {
      const back = await agent(device, 'rollback --no-reboot');
      expect(back.exitCode, back.stderr).toBe(4);
      await device.reboot();
      await device.chooses('A trial');
      await device.comesUp();
      expect(await agentStatus(device)).toMatchObject({
        version: '1.0.0',
        booted: 'A',
        confirmed: 'A',
        bootSuccess: true,
      });
      expect(await identity(device)).toBe(before);
    });
  });
}

async function state(device: Device): Promise<string> {
  return (await device.shell('systemctl is-system-running')).stdout.trim();
}
