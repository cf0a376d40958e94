import { readFileSync, writeFileSync } from 'node:fs';
import { condemn, EspPath } from '@micro-linux/core';
import { expect, it } from 'vitest';
import { FACTORY, type TestDevice, testDevice } from '../testing.ts';
import { type EnvWrites, envStore } from './env-store.ts';
import { requireOnDisk, writeBlocks } from './write-blocks.ts';

const CONDEMNED = condemn({ ...FACTORY, success: true, ok: { A: true, B: true } }, 'B');
const WANTED = { env: CONDEMNED, copy: CONDEMNED, marker: 'B' } as const;
const PATHS = [EspPath.env, EspPath.envCopy, EspPath.confirmed];

/** The real writes, recorded in order, and how often the ESP was made writable. */
function watched(device: TestDevice) {
  const real = envStore(device.system.paths.esp);
  const calls: string[] = [];
  const note =
    <Value>(name: string, write: (value: Value) => void) =>
    (value: Value) => {
      calls.push(name);
      write(value);
    };
  const writes: EnvWrites = {
    writeEnv: note('env', real.writeEnv),
    writeCopy: note('copy', real.writeCopy),
    writeMarker: note('marker', real.writeMarker),
  };
  const system: TestDevice['system'] = {
    ...device.system,
    withWritableEsp(action) {
      calls.push('writable');
      return device.system.withWritableEsp(action);
    },
  };
  return { system, writes, calls };
}

it('writes the block that GRUB reads first, then its copy, then the marker', async () => {
  const { system, writes, calls } = watched(testDevice('A'));
  const written = await writeBlocks(system, writes, WANTED);
  expect(calls).toEqual(['writable', 'env', 'copy', 'marker']);
  expect(written).toEqual(PATHS.map((path) => ({ path, damaged: false })));
});

it('leaves blocks alone that have the values already, and the ESP read-only', async () => {
  const device = testDevice('A');
  const { system, writes, calls } = watched(device);
  await writeBlocks(system, writes, WANTED);
  const before = PATHS.map((path) => readFileSync(device.esp(path), 'hex'));
  calls.length = 0;
  expect(await writeBlocks(system, writes, WANTED)).toEqual([]);
  expect(calls).toEqual([]);
  expect(PATHS.map((path) => readFileSync(device.esp(path), 'hex'))).toEqual(before);
});

it('writes only the damaged block, and reports that it was damaged', async () => {
  const device = testDevice('A');
  const { system, writes, calls } = watched(device);
  await writeBlocks(system, writes, WANTED);
  writeFileSync(device.esp(EspPath.envCopy), Buffer.alloc(1024, 0xff));
  calls.length = 0;
  const written = await writeBlocks(system, writes, WANTED);
  expect(calls).toEqual(['writable', 'copy']);
  expect(written).toEqual([{ path: EspPath.envCopy, damaged: true }]);
});

it('leaves a block that is not given unchanged', async () => {
  const device = testDevice('A');
  const { system, writes, calls } = watched(device);
  await writeBlocks(system, writes, { env: CONDEMNED });
  expect(calls).toEqual(['writable', 'env']);
  expect(envStore(device.system.paths.esp).readCopy().value).toEqual(FACTORY);
});

it.each([
  ['env', { writeEnv: () => undefined }, EspPath.env],
  ['copy', { writeCopy: () => undefined }, EspPath.envCopy],
  ['marker', { writeMarker: () => undefined }, EspPath.confirmed],
] as const)('detects that the %s is not on the disk', async (_, lost, path) => {
  const { system, writes } = watched(testDevice('A'));
  await writeBlocks(system, { ...writes, ...lost }, WANTED);
  expect(() => requireOnDisk(system, WANTED)).toThrow(
    expect.objectContaining({ code: 'env-write-failed', message: expect.stringContaining(path) }),
  );
});
