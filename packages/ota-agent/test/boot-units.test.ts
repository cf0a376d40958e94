import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const UNITS = join(import.meta.dirname, '../../../systemd/units');

/** The settings of a unit, `Name=value`, in order. */
function settings(name: string): readonly string[] {
  return readFileSync(join(UNITS, name), 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line));
}

describe.each(['ota-agent-health.service', 'ota-agent-mark-boot.service'])('%s', (name) => {
  it('has systemd make nothing on the data partition, which may be full or failing', () => {
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

it('the mark step waits for the ESP, and is tried again', () => {
  const mark = settings('ota-agent-mark-boot.service');
  expect(mark).toContain('Restart=on-failure');
  expect(mark).toContain('Wants=boot-efi.mount');
  expect(mark.find((line) => line.startsWith('After='))).toContain('boot-efi.mount');
});
