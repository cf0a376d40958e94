import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPTS = join(import.meta.dirname, '../../../systemd/scripts');

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'live-scripts-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function program(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('live-consoles', () => {
  const consoles = async (active: string, devices: readonly string[]) => {
    await writeFile(join(directory, 'active'), `${active}\n`);
    const dev = join(directory, 'dev');
    await mkdir(dev);
    await Promise.all(devices.map((name) => writeFile(join(dev, name), '')));
    const env = { ACTIVE_CONSOLES: join(directory, 'active'), DEVICES: dev };
    const { stdout } = await run('/bin/sh', [join(SCRIPTS, 'live-consoles')], { env });
    return stdout.trim().split('\n');
  };

  it('prints the device of each console; the first terminal for the screen', async () => {
    expect(await consoles('tty0 ttyS0 hvc0', ['tty1', 'ttyS0', 'hvc0'])).toEqual(
      ['tty1', 'ttyS0', 'hvc0'].map((name) => join(directory, 'dev', name)),
    );
  });

  it('leaves out consoles without a device', async () => {
    expect(await consoles('ttyS0 ttyS1', ['ttyS1'])).toEqual([join(directory, 'dev/ttyS1')]);
  });
});

describe('live-install', () => {
  const install = async (agent: string) => {
    const consoles = ['one', 'two'].map((name) => join(directory, name));
    const env = {
      RUN_DIRECTORY: join(directory, 'run'),
      OTA_AGENT: await program('agent', agent),
      LIVE_CONSOLES: await program('consoles', `printf '%s\\n' ${consoles.join(' ')}`),
    };
    const { exitCode } = await run('/bin/sh', [join(SCRIPTS, 'live-install')], {
      env,
      okExitCodes: [0, 1, 7],
    });
    const read = (path: string) => readFile(path, 'utf8');
    const said = await Promise.all(consoles.map(read));
    return { exitCode, said, log: await read(join(directory, 'run/install.log')) };
  };

  it('shows the output of the installer on all consoles, and saves it', async () => {
    const { exitCode, said, log } = await install('echo "doing $1"; echo warned >&2');
    expect(exitCode).toBe(0);
    expect(said[0]).toMatch(/doing install\nwarned\n/);
    expect(said).toEqual([log, log]);
    expect(log).not.toMatch(/FAILED/);
  });

  it('exits with the status of the installer, and prints the path of its log', async () => {
    const { exitCode, said } = await install('echo no disk >&2; exit 7');
    expect(exitCode).toBe(7);
    for (const text of said) {
      expect(text).toMatch(
        /no disk\n[\s\S]*FAILED \(status 7\)[\s\S]*run\/install\.log[\s\S]*shell/,
      );
    }
  });

  it('does not fail without a console', async () => {
    await mkdir(join(directory, 'one'));
    const env = {
      RUN_DIRECTORY: join(directory, 'run'),
      OTA_AGENT: await program('agent', 'echo done'),
      LIVE_CONSOLES: await program('consoles', `echo ${directory}/one`),
    };
    await run('/bin/sh', [join(SCRIPTS, 'live-install')], { env });
    expect(await readFile(join(directory, 'run/install.log'), 'utf8')).toContain('done');
  });
});
