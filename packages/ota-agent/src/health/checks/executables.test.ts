import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TestDevice, testDevice } from '../../testing.ts';
import { executableChecks, executables } from './executables.ts';

const LAYER = { etc: 0, run: 1, lib: 2 } as const;

/** Puts a script into health.d of a layer; returns its path. */
function put(device: TestDevice, layer: keyof typeof LAYER, name: string, script = 'exit 0') {
  const path = join(device.system.paths.config[LAYER[layer]] ?? '', 'health.d', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const look = async (device: TestDevice, timeoutMs = 20_000) => {
  const [check] = executableChecks(device.system);
  return check?.look(timeoutMs);
};

describe('health.d', () => {
  it('is read from all directories, by name, without leftover files', () => {
    const device = testDevice();
    put(device, 'lib', '30-image');
    put(device, 'etc', '10-admin.sh');
    put(device, 'run', '20_run');
    for (const name of ['.hidden', 'x~', 'x.dpkg-old', 'x.yaml', '#x#']) {
      put(device, 'etc', name);
    }
    const names = executables(device.system.paths.config).map(({ name }) => name);
    expect(names).toEqual(['10-admin.sh', '20_run', '30-image']);
  });

  it('prefers the administrator’s file of the same name', () => {
    const device = testDevice();
    put(device, 'lib', 'x');
    const path = put(device, 'etc', 'x');
    expect(executables(device.system.paths.config)).toEqual([{ name: 'x', path }]);
  });

  it('leaves out masked names: a link to /dev/null, or an empty file', () => {
    const device = testDevice();
    put(device, 'lib', 'x');
    put(device, 'lib', 'y');
    const directory = dirname(put(device, 'etc', 'z'));
    symlinkSync('/dev/null', join(directory, 'x'));
    writeFileSync(join(directory, 'y'), '');
    expect(executables(device.system.paths.config).map(({ name }) => name)).toEqual(['z']);
  });

  it('passes with status 0, and keeps the output', async () => {
    const device = testDevice();
    put(device, 'etc', 'x', 'echo fine; echo "$LC_ALL" >&2');
    expect(await look(device)).toEqual({
      ok: true,
      note: 'it ended with status 0',
      output: 'fine\nC.UTF-8\n',
    });
  });

  it('fails with another status', async () => {
    const device = testDevice();
    put(device, 'etc', 'x', 'echo no database; exit 7');
    expect(await look(device)).toEqual({
      ok: false,
      note: 'it ended with status 7',
      output: 'no database\n',
    });
  });

  it('fails when it does not end, whatever signals it ignores', async () => {
    const device = testDevice();
    put(device, 'etc', 'x', 'trap "" TERM INT; echo waiting; while :; do sleep 1; done');
    expect(await look(device, 1000)).toEqual({
      ok: false,
      note: 'it did not end within 1 s',
      output: 'waiting\n',
    });
  });

  it('fails when it is ended by a signal', async () => {
    const device = testDevice();
    put(device, 'etc', 'x', 'kill -SEGV $$');
    expect(await look(device)).toMatchObject({ ok: false, note: 'it was ended by SIGSEGV' });
  });

  it.each([
    ['is not executable', (path: string) => chmodSync(path, 0o644), 'EACCES'],
    ['has no interpreter', (path: string) => writeFileSync(path, '#!/no/such/sh\n'), 'ENOENT'],
  ])('fails when it %s', async (_, spoil, why) => {
    const device = testDevice();
    spoil(put(device, 'etc', 'x'));
    const finding = await look(device);
    expect(finding?.ok).toBe(false);
    expect(finding?.note).toContain(why);
  });

  it('fails when it is a dangling link', async () => {
    const device = testDevice();
    symlinkSync('/no/such/program', join(dirname(put(device, 'etc', 'y')), 'x'));
    expect((await look(device))?.note).toContain('ENOENT');
  });
});
