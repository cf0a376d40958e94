import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { type FirmwareKind, prepareFirmware } from '../../../packages/builder/src/vm/firmware.ts';
import { saveSnapshot, snapshotFirmware } from '../../../packages/builder/src/vm/snapshot.ts';
import { overlayArguments } from '../../../packages/builder/src/vm/workspace.ts';
import { Device } from './device.ts';
import { MEDIA, type Stage, type Stages } from './stage.ts';

const SNAPSHOT = 'healthy';

/**
 * Settings of the device's administrator, in place of waits that are made for real machines: a
 * health check that hangs is given up after seconds, a trial ends soon.
 */
const SETTINGS = `trial:
  deadlineSeconds: 180
health:
  timeoutSeconds: 15
  settleSeconds: 30
`;

/** What the administrator does on a new device, before any story: as root. */
const FIRST_STEPS = [
  'mkdir -p /etc/ota-agent/config.yaml.d',
  `cat >/etc/ota-agent/config.yaml.d/50-stories.yaml <<'EOF'\n${SETTINGS}EOF`,
  // The password costs a second each time it is hashed here.
  'echo "micro ALL=(ALL:ALL) NOPASSWD: ALL" >/etc/sudoers.d/50-stories',
  'chmod 440 /etc/sudoers.d/50-stories',
  `echo 'LABEL=media ${MEDIA} ext4 ro,nofail 0 0' >>/etc/fstab`,
  `mount -o ro LABEL=media ${MEDIA}`,
  'systemctl daemon-reload',
  'sync',
].join('\n');

/**
 * Boots a new device once, sets it up, and keeps it as it runs.
 *
 * @param image the qcow2 a build made.
 */
export async function prepareStage(
  stages: Omit<Stages, 'devices'>,
  image: string,
  kind: FirmwareKind,
  logDirectory: string,
): Promise<Stage> {
  const disk = join(stages.directory, `stage-${kind}.qcow2`);
  await run('qemu-img', overlayArguments({ path: image, format: 'qcow2' }, disk));
  const fresh = await prepareFirmware(kind, stages.directory);
  const firmware = await snapshotFirmware(fresh, run);
  const device = await Device.on({
    stages: { ...stages, devices: {} },
    name: `stage-${kind}`,
    logDirectory,
    firmware,
    disk,
  });
  try {
    await device.powerOn();
    await device.chooses('A confirmed');
    await device.comesUp();
    const { exitCode, stderr } = await device.root(FIRST_STEPS);
    if (exitCode !== 0) {
      throw new Error(`the first steps on a new device failed:\n${stderr}`);
    }
    await device.hangUp();
    await saveSnapshot(device.machine.qmp, SNAPSHOT);
    await device.cutPower();
  } finally {
    await device.dispose();
  }
  return {
    firmware: kind,
    snapshot: SNAPSHOT,
    disk,
    variables: firmware.kind === 'bios' ? undefined : firmware.variables,
  };
}
