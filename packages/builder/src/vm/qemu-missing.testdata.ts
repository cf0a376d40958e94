import { spawnSync } from 'node:child_process';

/** Why tests cannot run a guest; undefined if they can. Printed once by each file. */
export function qemuMissing(): string | undefined {
  const { error, status } = spawnSync('qemu-system-x86_64', ['--version'], { stdio: 'ignore' });
  if (!error && status === 0) {
    return undefined;
  }
  const reason = 'SKIPPED: qemu-system-x86_64 is not installed (./micro-linux setup-host)';
  console.warn(reason);
  return reason;
}
