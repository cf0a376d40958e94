import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@micro-linux/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SYSTEMD = join(import.meta.dirname, '../../../systemd');
const UNITS = join(SYSTEMD, 'units');
const SCRIPTS = join(SYSTEMD, 'scripts');

/** The settings of a unit, `Name=value`, in order. */
function settings(name: string): readonly string[] {
  return readFileSync(join(UNITS, name), 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line));
}

describe.each(['ota-agent-health.service', 'ota-agent-mark-boot.service'])('%s', (name) => {
  it('makes systemd create nothing on the data partition, which may be full or failing', () => {
    const names = settings(name).map((line) => line.split('=', 1)[0]);
    for (const setting of ['StateDirectory', 'CacheDirectory', 'LogsDirectory', 'PrivateTmp']) {
      expect(names).not.toContain(setting);
    }
    const paths = settings(name).find((line) => line.startsWith('ReadWritePaths='));
    expect(paths?.slice('ReadWritePaths='.length).split(' ') ?? []).toSatisfy(
      (list: readonly string[]) => list.every((path) => path.startsWith('-')),
    );
  });
});

it('the mark step waits for the ESP, and is retried forever', () => {
  const mark = settings('ota-agent-mark-boot.service');
  expect(mark).toContain('Restart=on-failure');
  expect(mark).toContain('StartLimitIntervalSec=0');
  expect(mark.filter((line) => line.startsWith('StartLimit'))).toHaveLength(1);
  expect(mark).toContain('ExecStartPre=-+/usr/lib/micro-linux/mark-pause');
  expect(mark).toContain('Wants=boot-efi.mount');
  expect(mark.find((line) => line.startsWith('After='))).toContain('boot-efi.mount');
});

it('each try to confirm a boot also requests the units that need a confirmed boot', () => {
  // If a unit requires another one and the first try of that fails, systemd drops its job.
  const needy = readdirSync(UNITS)
    .filter((name) => name.endsWith('.service'))
    .filter((name) => settings(name).includes('Requires=ota-agent-mark-boot.service'));
  expect(needy).toEqual(['ota-agent-bootloader.service']);
  const mark = settings('ota-agent-mark-boot.service');
  expect(mark).toEqual(expect.arrayContaining(needy.map((name) => `Wants=${name}`)));
});

describe('mark-pause', () => {
  /** Seconds that it waits after this number of restarts. */
  async function pauseAfter(restarts: string): Promise<string> {
    const program = (name: string, script: string) => {
      const path = join(directory, name);
      writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return path;
    };
    const { stdout } = await run('/bin/sh', [join(SCRIPTS, 'mark-pause')], {
      env: {
        SYSTEMCTL: program('systemctl', `[ "$3" = NRestarts ] && printf '%s\\n' '${restarts}'`),
        PAUSE: program('pause', 'echo "$1"'),
      },
    });
    return stdout.trim();
  }

  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mark-pause-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['0', ''],
    ['39', ''],
    ['40', '15'],
    ['41', '30'],
    ['57', '270'],
    ['58', '285'],
    ['59', '285'],
    ['999999', '285'],
    ['99999999999999999999', ''],
    ['040', ''],
    ['', ''],
    ['Failed to connect to bus', ''],
  ])('after %j restarts: %j s', async (restarts, seconds) => {
    expect(await pauseAfter(restarts)).toBe(seconds);
  });
});
