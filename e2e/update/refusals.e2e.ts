import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agent, agentError, agentStatus, apply } from '../harness/device/agent.ts';
import type { Device } from '../harness/device/device.ts';
import { updatePath } from '../harness/device/stage.ts';
import { awakeDevice, untold } from './on-device.ts';

describe.skipIf(untold)('a device refuses a bad update without changing anything:', () => {
  let device: Device;
  beforeAll(async () => {
    device = await awakeDevice('bios', 'refusals');
  });
  afterAll(() => device?.dispose());

  const refusal = (source: string) => agentError(device, `apply --no-reboot ${source}`);
  const shell = async (command: string) => {
    const { exitCode, stderr } = await device.root(command);
    expect(exitCode, stderr).toBe(0);
  };
  const V2 = updatePath('v2');

  it.each([
    ['an older version', 'older', 'downgrade 5'],
    ['another product', 'other-product', 'incompatible 5'],
    ['signed by a key that is not trusted', 'unknown-key', 'key-unknown 5'],
    ['no signature', 'unsigned', 'signature-missing 5'],
    ['a lower rollback index', 'low-index', 'rollback-index 5'],
    ['larger than the slot', 'too-large', 'image-too-large 5'],
  ])('%s', async (_title, name, expected) => {
    expect(await refusal(updatePath(name))).toBe(expected);
  });

  it('a manifest that was changed after it was signed', async () => {
    await shell(`sed 's/"0\\.9\\.0"/"2.9.0"/' ${updatePath('older')} >/var/tmp/changed.img`);
    expect(await refusal('/var/tmp/changed.img')).toBe('signature-invalid 5');
  });

  it('half a file, and a file that is not an update', async () => {
    await shell(`head -c 2000000 ${V2} >/var/tmp/half.img`);
    expect(await refusal('/var/tmp/half.img')).toBe('update-truncated 1');
    expect(await refusal('/var/tmp/no-such.img')).toBe('update-missing 1');
    expect(await refusal('/usr/lib/os-release')).toMatch(/^(not-an-update|update-truncated) 1$/);
  });

  it('a user who is not root', async () => {
    const { exitCode } = await device.shell(`ota-agent apply --no-reboot ${V2}`);
    expect(exitCode).toBe(1);
  });

  it('--dry-run only prints the plan', async () => {
    const plan = await agent(device, `apply --dry-run ${V2}`);
    expect(plan).toMatchObject({ exitCode: 0 });
    expect(plan.stdout).toContain('set GRUB to try slot B');
  });

  it('the running system is unchanged', async () => {
    expect(await agentStatus(device)).toMatchObject({
      version: '1.0.0',
      confirmed: 'A',
      bootSuccess: true,
      trial: null,
      problems: [],
    });
  });

  it('an image without a kernel: written, inspected, and never armed', async () => {
    expect(await refusal(updatePath('no-kernel'))).toBe('slot-incomplete 5');
    expect(await agentStatus(device)).toMatchObject({
      confirmed: 'A',
      trial: null,
      problems: [],
    });
  });

  it('a second apply while one is running: busy', async () => {
    let second: Promise<string> | undefined;
    const first = await apply(device, V2, '--no-reboot', ({ step }) => {
      if (step === 'write') {
        second ??= refusal(V2);
      }
    });
    expect(first.exitCode, first.stderr).toBe(4);
    expect(await second).toBe('busy 6');
  });

  it('a slot that is mounted', async () => {
    await shell(
      'mkdir -p /run/other && mount -o ro,noload /dev/disk/by-partlabel/rootB /run/other',
    );
    expect(await refusal(updatePath('v3'))).toBe('slot-mounted 1');
    await shell('umount /run/other');
  });
});
