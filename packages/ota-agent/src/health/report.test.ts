import { expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { removeTrial } from '../state/trial.ts';
import {
  type HealthReport,
  readHealthReport,
  readTrialReport,
  writeHealthReport,
} from './report.ts';

const TRIAL: HealthReport = {
  schema: 1,
  healthy: false,
  slot: 'B',
  version: '2.0.0',
  bootId: 'a',
  at: '2026-01-01T00:00:00.000Z',
  trial: true,
  seconds: 1,
  checks: [{ id: 'health.d/pump', ok: false, note: 'no answer', output: '', seconds: 1 }],
};
const OLD_SYSTEM: HealthReport = { ...TRIAL, healthy: true, slot: 'A', trial: false, checks: [] };

it('the report of a trial survives the checks of the next system', () => {
  const directory = temporaryDirectory();
  writeHealthReport(directory, TRIAL);
  writeHealthReport(directory, OLD_SYSTEM);
  expect(readHealthReport(directory)).toEqual(OLD_SYSTEM);
  expect(readTrialReport(directory)).toEqual(TRIAL);
  removeTrial(directory);
  expect(readTrialReport(directory)).toBeUndefined();
});
