import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tree } from './tree.ts';

/** Test tool: the real netplan's verdict on networks. */

/** A netplan other than the system's, for example that of noble. */
const GENERATE = process.env['MICRO_LINUX_NETPLAN'] ?? '/usr/libexec/netplan/generate';

const SCRIPT = `for d in "$1"/*/; do
  if error=$("$0" --root-dir "$d" 2>&1); then echo ok; else printf '%s\\n' "$error" | grep -v WARNING | tr '\\n' ' '; echo; fi
done`;

/** Whether netplan is installed. */
export const hasNetplan = existsSync(GENERATE);

/** Its error for each network; undefined for accepted ones. */
export function judgeByNetplan(networks: readonly Tree[]): readonly (string | undefined)[] {
  const directory = mkdtempSync(join(tmpdir(), 'micro-linux-netplan-'));
  try {
    networks.forEach((network, index) => {
      const folder = join(directory, String(index).padStart(6, '0'), 'etc/netplan');
      mkdirSync(folder, { recursive: true });
      // JSON is YAML, and netplan reads every value as a string.
      writeFileSync(join(folder, 'a.yaml'), `${JSON.stringify({ network })}\n`, { mode: 0o600 });
    });
    const output = execFileSync('sh', ['-c', SCRIPT, GENERATE, directory], {
      maxBuffer: 2 ** 28,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    });
    return output
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => (line === 'ok' ? undefined : line));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
