import { MicroLinuxError, type Runner } from '@micro-linux/core';
import { describe, expect, it } from 'vitest';
import { realSystem } from './real-system.ts';

const PATHS = { esp: '/boot/efi' };

/** A runner that notes what it is asked to run, and fails where told. */
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
  const rw = '/usr/bin/mount -o remount,rw /boot/efi';
  const ro = '/usr/bin/mount -o remount,ro /boot/efi';

  it('opens the ESP for the action only', async () => {
    const log: string[] = [];
    const result = await realSystem(recorder(log), PATHS).withWritableEsp(() => {
      log.push('action');
      return 7;
    });
    expect(result).toBe(7);
    expect(log).toEqual([rw, 'action', ro]);
  });

  it('closes it again when the action fails', async () => {
    const log: string[] = [];
    const action = () => {
      throw new Error('disk on fire');
    };
    await expect(realSystem(recorder(log), PATHS).withWritableEsp(action)).rejects.toThrow('fire');
    expect(log).toEqual([rw, ro]);
  });

  it('does nothing when it cannot be opened', async () => {
    const log: string[] = [];
    const system = realSystem(recorder(log, 'remount,rw'), PATHS);
    await expect(system.withWritableEsp(() => log.push('action'))).rejects.toMatchObject({
      code: 'esp-unwritable',
      why: 'no disk',
    });
    expect(log).toEqual([rw]);
  });

  it('has done its work even if the ESP then stays writable', async () => {
    const system = realSystem(recorder([], 'remount,ro'), PATHS);
    expect(await system.withWritableEsp(() => 'written')).toBe('written');
  });
});
