import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIB, run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MessageId } from '../src/journal/message-ids.ts';
import { NO_SMALL_DISK, smallDisk } from '../src/small-disk.testdata.ts';
import { keepReserve, RESERVE_BYTES } from '../src/state/reserve.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SCRIPTS = join(ROOT, 'systemd/scripts');
const BACKSTOP = join(
  ROOT,
  'packages/builder/rootfs-overlay/usr/share/initramfs-tools/scripts/micro-linux-backstop',
);

let directory = '';
const at = (name: string) => join(directory, name);
const read = (name: string) => readFile(at(name), 'utf8').catch(() => undefined);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'trial-scripts-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Puts a program into the test's directory; returns its path. */
async function program(name: string, script: string): Promise<string> {
  await writeFile(at(name), `#!/bin/sh\n${script}\n`);
  await chmod(at(name), 0o755);
  return at(name);
}

/** A systemctl that records its arguments, for a system whose mark unit is active or not. */
const systemctl = (marked: boolean, rest = '') =>
  program(
    'systemctl',
    `echo "$*" >>'${at('asked')}'
case "$*" in
*is-active*) exit ${marked ? 0 : 3} ;;
--failed*) echo "app.service loaded failed failed An app" ;;
list-jobs*) echo "7 ota-agent-health.service start running" ;;
esac
${rest}`,
  );

describe('end-trial', () => {
  const endTrial = async (why: string, ctl: string, env: Record<string, string> = {}) =>
    run('/bin/sh', [join(SCRIPTS, 'end-trial'), why], {
      env: {
        STATE_DIRECTORY: at('state'),
        RUNTIME_DIRECTORY: at('run'),
        SYSTEMCTL: ctl,
        SYSRQ_TRIGGER: at('sysrq'),
        CONSOLE: at('console'),
        // Far more than anything here needs on a busy machine; nothing really sleeps.
        ASK_SECONDS: '600',
        PATIENCE_SECONDS: '600',
        PAUSE: await program('pause', `echo "$1" >>'${at('paused')}'\nexec sleep 0.01`),
        ...env,
      },
      okExitCodes: [0, 1],
    });

  it('records the reason, failed units and pending jobs, then restarts, through the kernel if necessary', async () => {
    await endTrial('it was late', await systemctl(false));
    expect(await read('state/trial-failure')).toBe(
      'it was late\nfailed units:\napp.service loaded failed failed An app\njobs that wait:\n7 ota-agent-health.service start running\n',
    );
    expect(await readdir(at('state'))).toEqual(['trial-failure']);
    expect((await read('asked'))?.trimEnd().split('\n').at(-1)).toBe('reboot --force');
    expect(await read('console')).toBe('micro-linux: this trial ends: it was late\n');
    expect(await read('sysrq')).toBe('s\nu\nb\n');
    expect(await read('paused')).toMatch(/^(0\.2\n)*600\n1\n1\n1\n$/);
  });

  it('does the same, and prints the reason, even when systemd hangs', async () => {
    await endTrial('it hung', await systemctl(false, 'exec sleep 600'), {
      ASK_SECONDS: '0.2',
      PATIENCE_SECONDS: '1',
    });
    // On a busy machine it may be written late, just before the restart.
    await expect.poll(() => read('state/trial-failure')).toMatch(/^it hung\n/);
    expect((await read('asked'))?.trimEnd().split('\n').at(-1)).toBe('reboot --force');
    expect(await read('sysrq')).toBe('s\nu\nb\n');
  });

  it('keeps the first record, which is nearest to the cause', async () => {
    await mkdir(at('state'));
    await writeFile(at('state/trial-failure'), 'its health checks failed\n');
    await endTrial('it was late', await systemctl(false));
    expect(await read('state/trial-failure')).toBe('its health checks failed\n');
  });

  it('writes into the reserve of the agent when the disk is full', async (test) => {
    test.skip(NO_SMALL_DISK !== undefined, NO_SMALL_DISK);
    const disk = await smallDisk(RESERVE_BYTES + MIB);
    const state = join(disk.path, 'state');
    keepReserve(state);
    disk.fill();
    await endTrial('it was late', await systemctl(false), { STATE_DIRECTORY: state });
    expect(await readFile(join(state, 'trial-failure'), 'utf8')).toMatch(
      /^it was late\n.*start running\n$/s,
    );
    expect(await read('sysrq')).toBe('s\nu\nb\n');
  });

  it('restarts the machine when nothing can be written', async (test) => {
    test.skip(NO_SMALL_DISK !== undefined, NO_SMALL_DISK);
    const disk = await smallDisk(MIB);
    await disk.readOnly();
    await endTrial('it was late', await systemctl(false), {
      STATE_DIRECTORY: join(disk.path, 'x'),
    });
    expect(await read('sysrq')).toBe('s\nu\nb\n');
  });

  it('does nothing to a slot that was confirmed', async () => {
    await endTrial('it was late', await systemctl(true));
    expect(await read('asked')).toBe('--quiet is-active ota-agent-mark-boot.service\n');
    expect(await read('state/trial-failure')).toBeUndefined();
    expect(await read('sysrq')).toBeUndefined();
  });

  it('does nothing to a slot that was confirmed by hand, even when systemd hangs', async () => {
    await mkdir(at('run'));
    await writeFile(at('run/confirmed'), '');
    await endTrial('it was late', await systemctl(false, 'exec sleep 600'));
    expect(await read('state/trial-failure')).toBeUndefined();
  });

  it('uses the message id of the agent', async () => {
    const text = await readFile(join(SCRIPTS, 'end-trial'), 'utf8');
    expect(text).toContain(`MESSAGE_ID=${MessageId.deadline}\n`);
  });
});

describe('trial-deadline', () => {
  async function deadline(state: string | undefined, uptime: string): Promise<string> {
    if (state !== undefined) {
      await writeFile(at('trial-deadline'), state);
    }
    await writeFile(at('uptime'), `${uptime} 1.00\n`);
    const { stdout } = await run('/bin/sh', [join(SCRIPTS, 'trial-deadline')], {
      env: {
        STATE_DIRECTORY: directory,
        UPTIME_FILE: at('uptime'),
        END_TRIAL: await program('end', 'echo "$1"'),
      },
    });
    return stdout;
  }

  it('ends the trial at once when it starts after the deadline', async () => {
    expect(await deadline('60\n', '61.25')).toBe('it was not confirmed within 60 s of its start\n');
  });

  it('waits for the rest of the time', async () => {
    expect(await deadline('60\n', '59.10')).toContain('within 60 s');
  });

  it.each([undefined, '', 'soon\n', '-5\n', '99999999\n', '08\n', '0\n', '\0\xff'])(
    'uses five minutes when the state is %j',
    async (state) => {
      expect(await deadline(state, '400.00')).toContain('within 300 s');
    },
  );
});

describe('the backstop of the initramfs', () => {
  /** Starts it as the initramfs does; returns the pid that it recorded. */
  async function backstop(seconds: string): Promise<number> {
    await run('/bin/sh', [BACKSTOP, seconds, at('pid'), at('sysrq')]);
    const pid = Number(await read('pid'));
    onTestFinished(() => end(pid));
    return pid;
  }

  it('returns at once, and restarts the machine after its timeout', async () => {
    await backstop('1');
    await expect.poll(() => read('sysrq')).toBe('s\nb\n');
  });

  it('needs no file system: its files are open already', async () => {
    const pid = await backstop('600');
    expect(await readFile(`/proc/${pid}/comm`, 'utf8')).toBeTruthy();
    // fd 9 is the trigger: the shell keeps it open, the programs it waits for do not.
    expect(await readdir(`/proc/${pid}/fd`)).toContain('9');
    for (const child of await childrenOf(pid, 2)) {
      // Closed shortly after it was started.
      await expect.poll(() => readdir(`/proc/${child}/fd`)).not.toContain('9');
    }
  });

  it('is ended by trial-over, with all its child processes', async () => {
    const pid = await backstop('600');
    const children = await childrenOf(pid, 2);
    await run('/bin/sh', [join(SCRIPTS, 'trial-over')], {
      env: { PID_FILE: at('pid'), SYSTEMCTL: await systemctl(true) },
    });
    for (const ended of [pid, ...children]) {
      await expect.poll(() => alive(ended)).toBe(false);
    }
    expect(await read('sysrq')).toBe('');
    expect(await read('pid')).toBeUndefined();
    expect(await read('asked')).toBe('--no-block stop ota-agent-trial-deadline.service\n');
  });
});

describe('trial-over', () => {
  it('does nothing on an ordinary boot', async () => {
    await run('/bin/sh', [join(SCRIPTS, 'trial-over')], {
      env: { PID_FILE: at('pid'), SYSTEMCTL: await systemctl(true) },
    });
    expect(await readdir(directory)).toEqual(['asked', 'systemctl']);
  });
});

describe('load-watchdog', () => {
  /** A kernel with these watchdog drivers, some of which find their hardware. */
  async function kernel(drivers: readonly string[], present: readonly string[], device = false) {
    await mkdir(at('devices'));
    if (device) {
      await mkdir(at('devices/watchdog0'));
    }
    const modprobe = await program(
      'modprobe',
      `echo "$*" >>'${at('loaded')}'
for name; do :; done
case " ${drivers.join(' ')} " in *" $name "*) ;; *) exit 1 ;; esac
case "$*" in *--remove*) exit 0 ;; esac
case " ${present.join(' ')} " in *" $name "*) mkdir '${at('devices')}/watchdog0' ;; esac
exit 0`,
    );
    const result = await run('/bin/sh', [join(SCRIPTS, 'load-watchdog')], {
      env: { WATCHDOG_DEVICES: at('devices'), MODPROBE: modprobe },
      okExitCodes: [0, 1],
    });
    return { ...result, loaded: await read('loaded') };
  }

  it('does nothing if the kernel has a watchdog', async () => {
    expect(await kernel([], [], true)).toMatchObject({ exitCode: 0, loaded: undefined });
  });

  it('loads the driver of an existing device, and unloads drivers without one', async () => {
    const { stdout, loaded } = await kernel(['wdat_wdt', 'i6300esb', 'softdog'], ['i6300esb']);
    expect(stdout).toBe('load-watchdog: i6300esb\n');
    expect(loaded).toContain('--quiet --remove wdat_wdt\n');
    expect(loaded).not.toContain('softdog');
  });

  it('loads the software watchdog when there is no other', async () => {
    expect((await kernel(['softdog'], ['softdog'])).stdout).toBe('load-watchdog: softdog\n');
  });

  it('fails when there is no watchdog', async () => {
    expect((await kernel([], [])).exitCode).toBe(1);
  });
});

async function childrenOf(pid: number, count: number): Promise<readonly number[]> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = async () =>
    (await readFile(path, 'utf8')).trim().split(' ').filter(Boolean).map(Number);
  await expect.poll(async () => (await children()).length).toBe(count);
  return children();
}

function alive(pid: number): boolean {
  try {
    // A zombie has ended and waits for its parent.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function end(pid: number): void {
  if (alive(pid)) {
    process.kill(pid, 'SIGTERM');
  }
}
