import type { RunResult } from '@micro-linux/core';
import type { TestDevice } from '../testing.ts';

/** Output of `systemctl show` for a unit; everything but the active state is that of a healthy service. */
export interface FakeUnit {
  readonly active: string;
  readonly result?: string;
  readonly restarts?: number;
  /** Seconds since the kernel started. */
  readonly since?: number;
}

/**
 * Replaces the device's systemd, which no test machine has: units that are not listed do not exist.
 * The table may be changed while the test runs.
 */
export function fakeSystemd(device: TestDevice, units: Record<string, FakeUnit>): void {
  device.answer('/usr/bin/systemctl', async (_file, args) => {
    const names = args.slice(args.indexOf('--') + 1);
    return done(names.map((name) => show(units[name])).join('\n'));
  });
  device.answer('/usr/bin/journalctl', async (_file, args) =>
    done(`last words of ${args.filter((arg) => arg.startsWith('--unit=')).join(' ')}\n`),
  );
}

/** As systemd 252 prints it. */
function show(unit: FakeUnit | undefined): string {
  return `Result=${unit?.result ?? 'success'}
NRestarts=${unit?.restarts ?? 0}
LoadState=${unit ? 'loaded' : 'not-found'}
ActiveState=${unit?.active ?? 'inactive'}
SubState=${unit?.active === 'active' ? 'running' : 'dead'}
ActiveEnterTimestampMonotonic=${(unit?.since ?? 0) * 1_000_000}
`;
}

function done(stdout: string): RunResult {
  return { stdout, stderr: '', exitCode: 0 };
}
