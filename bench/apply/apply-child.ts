import { readFileSync } from 'node:fs';
import { run } from '@micro-linux/core';
import { fileSource, streamSource } from '@micro-linux/update-image';
import { applyUpdate, STALL_MS } from 'ota-agent/apply/apply';
import { loadConfig } from 'ota-agent/config/load-config';
import { realEffects } from 'ota-agent/effects/effects';
import { createProgress } from 'ota-agent/progress/create-progress';
import { realSystem } from 'ota-agent/system/real-system';
import type { BenchDevice } from './bench-device.ts';

function deviceOf(device: BenchDevice) {
  const real = realSystem(async (file, args, options) => {
    if (/systemctl|logger/.test(file)) {
      return { stdout: '', stderr: '', exitCode: 0 };
    }
    return run(file, args, options);
  }, device.paths);
  const system = {
    ...real,
    slotDevice: (slot: 'A' | 'B') => device.slots[slot],
    withWritableEsp: async <T>(action: () => T) => action(),
  };
  return { system, config: loadConfig(system.paths.config) };
}

/**
 * One whole apply on a device that consists of files, in a process of its own, as the agent does
 * it, in the place of the agent's own `main`: lock, checks, blocks of the environment, state files,
 * a mount of the finished slot. Only the ESP needs no remount, and what services run is not asked.
 *
 * Arguments: DEVICE_JSON [--progress] [--stdin]
 */
export async function main(): Promise<void> {
  const device = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as BenchDevice;
  const { system, config } = deviceOf(device);
  const result = await applyUpdate({
    system,
    config,
    effects: realEffects(system, config),
    source: process.argv.includes('--stdin')
      ? streamSource(process.stdin, 'standard input', { release: true })
      : await fileSource(device.update),
    options: { tries: 1, reboot: false, retry: true, forceDowngrade: true },
    agent: { version: '99.0.0', architecture: 'x86_64' },
    progress: await createProgress(process.argv.includes('--progress') ? 'json' : 'none', {
      stream: process.stderr,
      now: () => performance.now(),
    }),
    signal: new AbortController().signal,
    stallMs: STALL_MS,
    pid: process.pid,
  });
  // Not resourceUsage: its maximum begins with that of the process that started this one.
  const [, peakKib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const told = { kind: result.kind, chunks: result.chunksWritten, rssMib: Number(peakKib) / 1024 };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
