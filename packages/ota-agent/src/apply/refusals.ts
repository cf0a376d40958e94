import { ExitCode, MIB, MicroLinuxError } from '@micro-linux/core';
import { deviceInUse } from '../raw-device/device-error.ts';
import { describeUse } from '../raw-device/device-users.ts';
import type { Rejection } from '../state/rejected.ts';
import type { TargetFacts } from './apply-facts.ts';

/*
 * Why an update is refused before anything is changed. docs/reference/exit-codes.md lists every code. Reasons
 * in the update exit with 5, reasons in the device's state with 1.
 */

const REJECTED = { exitCode: ExitCode.rejected };

export function incompatible(wanted: string, device: string | undefined): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'incompatible',
    message: `this is an update for ${wanted}`,
    why:
      device === undefined
        ? 'this device’s product is unknown: its image.json cannot be read'
        : `this device is ${device}`,
    hint: 'apply an update that was built for this device',
    details: { compatible: wanted, device: device ?? '' },
  });
}

export function wrongArchitecture(wanted: string, device: string): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'wrong-architecture',
    message: `this is an update for ${wanted}`,
    why: `this machine’s processor is ${device}`,
    hint: 'apply an update that was built for this device',
    details: { architecture: wanted, device },
  });
}

export function agentTooOld(agent: string, minimum: string): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'agent-too-old',
    message: `the update needs ota-agent ${minimum} or newer`,
    why: `this is ota-agent ${agent}`,
    hint: 'apply an intermediate update first, one with a newer agent',
    details: { agent, minimumAgent: minimum },
  });
}

export function downgrade(version: string, running: string | undefined): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'downgrade',
    message:
      running === undefined
        ? `cannot determine whether ${version} is newer than the running version`
        : `${version} is older than the running version ${running}`,
    hint: 'to install the older version anyway: ota-agent apply --force-downgrade …',
    details: { version, running: running ?? '' },
  });
}

export function rollbackIndexTooLow(index: number, least: number): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'rollback-index',
    message: `the update’s rollback index is ${index}; this device accepts ${least} and above`,
    why: 'an image with the higher index was healthy here; older images have flaws that it fixed',
    hint: 'apply a newer update; no option overrides this',
    details: { rollbackIndex: index, least },
  });
}

export function failedBefore({ version, failedAt, reason, slot }: Rejection): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'failed-before',
    message: `${version} was tried before and was rolled back`,
    why: `at ${failedAt}, in slot ${slot}: ${reason}`,
    hint: 'to try it again: ota-agent apply --retry …',
    details: { version, failedAt },
  });
}

export function slotActive({ slot, path }: TargetFacts): MicroLinuxError {
  return new MicroLinuxError({
    code: 'slot-active',
    message: `slot ${slot} is in use and is never written`,
    why: `${path} holds the running or the confirmed system`,
    hint: 'ota-agent status; lsblk -o NAME,PARTLABEL,MOUNTPOINTS',
    details: { slot, device: path },
  });
}

export function slotInUse({ path, users }: TargetFacts): MicroLinuxError {
  return deviceInUse(path, users.map(describeUse).join('\n'));
}

export function imageTooLarge(bytes: number, slotBytes: number): MicroLinuxError {
  return new MicroLinuxError({
    ...REJECTED,
    code: 'image-too-large',
    message: `the image is ${mib(bytes)} MiB and the slot is ${mib(slotBytes)} MiB`,
    why: 'the size of a slot is fixed when the disk is made',
    hint: 'build a smaller image: micro-linux build --sizes shows what uses the space',
    details: { bytes, slotBytes },
  });
}

const mib = (bytes: number) => (bytes / MIB).toFixed(1);
