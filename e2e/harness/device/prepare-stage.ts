import { join } from 'node:path';
import { ExitCode, run } from '@micro-linux/core';
import { type FirmwareKind, prepareFirmware } from 'micro-linux/vm/firmware';
import { saveSnapshot, snapshotFirmware } from 'micro-linux/vm/snapshot';
import { overlayArguments } from 'micro-linux/vm/workspace';
import { apply } from './agent.ts';
import { Device } from './device.ts';
import { MEDIA, type Stage, type Stages, type StagesOfFirmware, updatePath } from './stage.ts';

const SNAPSHOT = 'here';

/**
 * Settings of the device's administrator, in place of waits that are made for real machines: a
 * health check that hangs is given up after seconds, a trial ends soon.
 */
const SETTINGS = `trial:
  deadlineSeconds: 240
health:
  timeoutSeconds: 15
  settleSeconds: 30
`;

/** As root. */
const FIRST_STEPS = [
  'mkdir -p /etc/ota-agent/config.yaml.d',
  `cat >/etc/ota-agent/config.yaml.d/50-stories.yaml <<'EOF'\n${SETTINGS}EOF`,
  // The password costs a second each time it is hashed here.
  'echo "micro ALL=(ALL:ALL) NOPASSWD: ALL" >/etc/sudoers.d/50-stories',
  'chmod 440 /etc/sudoers.d/50-stories',
  `echo 'LABEL=media ${MEDIA} ext4 ro,nofail 0 0' >>/etc/fstab`,
  `mount -o ro LABEL=media ${MEDIA}`,
  'systemctl daemon-reload',
].join('\n');

/** Does on a new device, which is up, what its administrator does before any story. */
export async function takeFirstSteps(device: Device): Promise<void> {
  const { exitCode, stderr } = await device.root(FIRST_STEPS);
  if (exitCode !== 0) {
    throw new Error(`the first steps on a new device failed:\n${stderr}`);
  }
}

/**
 * Boots a new device once, sets it up, and keeps it as it runs: before and after `apply`.
 *
 * @param image the qcow2 a build made.
 */
export async function prepareStages(
  stages: Omit<Stages, 'devices'>,
  image: string,
  kind: FirmwareKind,
  logDirectory: string,
): Promise<StagesOfFirmware> {
  const disk = join(stages.directory, `healthy-${kind}.qcow2`);
  await run('qemu-img', overlayArguments({ path: image, format: 'qcow2' }, disk));
  const firmware = await snapshotFirmware(await prepareFirmware(kind, stages.directory), run);
  const all: Stages = { ...stages, devices: {} };
  const device = await Device.on({
    stages: all,
    name: `stage-${kind}`,
    logDirectory,
    firmware,
    disk,
  });
  try {
    await device.powerOn();
    await device.chooses('A confirmed');
    await device.comesUp();
    await takeFirstSteps(device);
    await keep(device);
  } finally {
    await device.dispose();
  }
  const healthy: Stage = {
    firmware: kind,
    snapshot: SNAPSHOT,
    disk,
    variables: firmware.kind === 'bios' ? undefined : firmware.variables,
  };
  return { healthy, armed: await arm(healthy, all, logDirectory) };
}

/** A copy of a healthy device, to which 2.0.0 was applied. */
async function arm(healthy: Stage, stages: Stages, logDirectory: string): Promise<Stage> {
  const { firmware: kind } = healthy;
  const device = await Device.of(healthy, { stages, name: `stage-armed-${kind}`, logDirectory });
  const armed = join(stages.directory, `armed-${kind}`);
  try {
    await device.wake();
    const applied = await apply(device, updatePath('v2'));
    if (applied.exitCode !== ExitCode.rebootNeeded) {
      throw new Error(`apply ended with ${applied.exitCode}:\n${applied.stderr}`);
    }
    await keep(device);
    const { disk, variables } = await device.moveTo(armed);
    return { firmware: kind, snapshot: SNAPSHOT, disk, variables };
  } finally {
    await device.dispose();
  }
}

/** Takes the snapshot that stories go on from, and switches the device off. */
async function keep(device: Device): Promise<void> {
  await device.root('sync');
  await device.hangUp();
  await saveSnapshot(device.machine.qmp, SNAPSHOT);
  await device.cutPower();
}
