import { join } from 'node:path';
import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { sayMounted } from './mounted-root.testdata.ts';
import { realSystem } from './real-system.ts';
import type { SystemPaths } from './system.ts';

const ESP = '/boot/efi';

/** Kernel files that describe these mounts. */
function mounting(points: Readonly<Record<string, string>>) {
  const directory = temporaryDirectory();
  const paths = {
    esp: ESP,
    mounts: join(directory, 'mounts'),
    sysDevBlock: join(directory, 'block-by-number'),
  };
  sayMounted(paths, points);
  return paths;
}

/** A runner that records its calls, and fails for given ones. */
function recorder(log: string[], fails?: string): Runner {
  return async (file, args) => {
    log.push([file, ...args].join(' '));
    if (fails && args.includes(fails)) {
      throw new MicroLinuxError({ code: 'tool-failed', message: 'mount failed', why: 'no disk' });
    }
    return { stdout: '', stderr: '', exitCode: 0 };
  };
}

describe('withWritableEsp', () => {
  let paths: Partial<SystemPaths>;
  beforeEach(() => {
    paths = mounting({ '/': 'vda2', [ESP]: 'vda1' });
  });
  const rw = '/usr/bin/mount -o remount,rw /boot/efi';
  const ro = '/usr/bin/mount -o remount,ro /boot/efi';

  it('makes the ESP writable only for the action', async () => {
    const log: string[] = [];
    const result = await realSystem(recorder(log), paths).withWritableEsp(() => {
      log.push('action');
      return 7;
    });
    expect(result).toBe(7);
    expect(log).toEqual([rw, 'action', ro]);
  });

  it('makes it read-only again when the action fails', async () => {
    const log: string[] = [];
    const action = () => {
      throw new Error('disk on fire');
    };
    await expect(realSystem(recorder(log), paths).withWritableEsp(action)).rejects.toThrow('fire');
    expect(log).toEqual([rw, ro]);
  });

  it('does nothing when the ESP cannot be made writable', async () => {
    const log: string[] = [];
    const system = realSystem(recorder(log, 'remount,rw'), paths);
    await expect(system.withWritableEsp(() => log.push('action'))).rejects.toMatchObject({
      code: 'esp-unwritable',
      why: 'no disk',
    });
    expect(log).toEqual([rw]);
  });

  it.each([
    ['is not there yet', { '/': 'vda2' }],
    ['is covered by a piece of the root, as in the sandbox of a service', { [ESP]: 'vda2' }],
  ])('remounts nothing when the ESP %s', async (_, points) => {
    const log: string[] = [];
    const system = realSystem(recorder(log), mounting(points));
    await expect(system.withWritableEsp(() => log.push('action'))).rejects.toMatchObject({
      code: 'esp-not-mounted',
    });
    expect(log).toEqual([]);
  });

  it('succeeds even if the ESP then stays writable', async () => {
    const system = realSystem(recorder([], 'remount,ro'), paths);
    expect(await system.withWritableEsp(() => 'written')).toBe('written');
  });
});
