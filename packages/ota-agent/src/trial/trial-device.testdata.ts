import { armTrial, type BootEnv, EspPath, readBootEnv } from '@micro-linux/core';
import { getVariables, readBlockFile } from 'grubenv';
import { envStore } from '../boot-env/env-store.ts';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { appendHistory, type HistoryEvent, readHistory } from '../state/history.ts';
import { TRIAL } from '../state/trial.testdata.ts';
import { type TrialRecord, writeTrial } from '../state/trial.ts';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';

export const HEALTHY_A: BootEnv = { ...FACTORY, success: true, counter: 3 };

/** A device that runs A and has just armed a trial of B. */
export function armed(tries = 1, trial: Partial<TrialRecord> = {}): TestDevice {
  const device = testDevice('A', armTrial(HEALTHY_A, 'B', tries));
  writeTrial(device.system.paths.state, {
    ...TRIAL,
    bootId: '11111111-1111-4111-8111-111111111111',
    tries,
    ...trial,
  });
  installed(device);
  return device;
}

/** The history entry of an apply whose trial is armed. */
export function installed(device: TestDevice): void {
  appendHistory(
    device.system.paths.state,
    { event: 'installed', at: TRIAL.armedAt, slot: 'B', version: '2.0.0' },
    { maximumBytes: 65_536 },
  );
}

/** GRUB has used a try; the test decides what it started. */
export function useTry(device: TestDevice): void {
  const store = envStore(device.system.paths.esp);
  const env = store.readEnv().value;
  if (env?.trial) {
    const tries = env.trial.tries - 1;
    store.writeEnv({
      ...env,
      success: false,
      trial: tries === 0 ? undefined : { ...env.trial, tries },
    });
  }
}

/** After the trial's only try the machine runs A again. */
export function cameBack(words?: string): TestDevice {
  const device = armed();
  useTry(device);
  device.restart('A', words);
  return device;
}

export const envOf = (device: TestDevice) =>
  readBootEnv(getVariables(readBlockFile(device.esp(EspPath.env)))).env;
export const history = (device: TestDevice): readonly HistoryEvent[] =>
  readHistory(device.system.paths.state).entries;
export const told = (device: TestDevice) =>
  history(device)
    .filter(({ event }) => event !== 'installed')
    .map(({ event, slot, version }) => `${event} ${slot} ${version}`);
export const reasonOf = async (device: TestDevice) => {
  const { judgement } = await markBoot(device.system);
  return judgement.outcome === 'failed' ? judgement.reason : undefined;
};
