import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { markBoot } from '../mark-boot/mark-boot.ts';
import { readTrial } from '../state/trial.ts';
import { sayMounted } from '../system/mounted-root.testdata.ts';
import { armed, envOf, told, useTry } from './trial-device.testdata.ts';

it('a trial whose ESP appears late does not count as lost, and is confirmed later', async () => {
  const device = armed();
  const { paths } = device.system;
  useTry(device);
  device.restart('B', 'micro_linux.boot=trial');
  renameSync(paths.esp, `${paths.esp}.late`);
  mkdirSync(paths.esp);
  sayMounted(paths, { '/': 'vda3' });
  await expect(markBoot(device.system)).rejects.toMatchObject({
    code: 'esp-not-mounted',
    exitCode: 1,
  });
  expect(readTrial(paths.state)).toBeDefined();
  expect(told(device)).toEqual([]);
  expect(device.remounts()).toBe(0);

  rmSync(paths.esp, { recursive: true });
  renameSync(`${paths.esp}.late`, paths.esp);
  sayMounted(paths, { '/': 'vda3', [paths.esp]: 'vda1' });
  await markBoot(device.system);
  expect(envOf(device)).toMatchObject({ confirmed: 'B', success: true });
  expect(told(device)).toEqual(['confirmed B 2.0.0']);
});
