import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkdFile } from './interface-files.ts';

/** Test tool: what the real systemd-networkd says about its files. */

const NETWORKD = '/usr/lib/systemd/systemd-networkd';

/**
 * networkd in namespaces of its own: it starts, reads the files in $1, and is stopped once it has listed
 * the links. It drops to the user systemd-network, who is made root here; and sysfs is read-only,
 * so that it does not wait for udev.
 */
const SCRIPT = `set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/netif /etc/systemd/network
{ grep -v '^systemd-network:' /etc/passwd; echo 'systemd-network:x:0:0::/:/bin/false'; } >/run/passwd
mount --bind /run/passwd /etc/passwd
mount --bind "$1" /etc/systemd/network
mount -t sysfs -o ro sysfs /sys
SYSTEMD_LOG_LEVEL=info SYSTEMD_LOG_TARGET=console "$0" >/run/log 2>&1 &
until grep -q 'Enumeration completed' /run/log; do kill -0 $! || break; sleep 0.1; done
kill $! || true
cat /run/log`;

/** Whether networkd can be started here in namespaces. */
export const canStartNetworkd = existsSync(NETWORKD) && start([]) !== undefined;

/** networkd's complaints about files, one per line of its log. */
export function complaintsOf(files: readonly NetworkdFile[]): readonly string[] {
  return (start(files) ?? 'networkd did not start')
    .split('\n')
    .filter((line) => line.startsWith('/etc/') || /ignoring|unknown|did not start/i.test(line))
    .filter((line) => !/receive buffer size|device type/.test(line));
}

/** The log of networkd; undefined if it cannot be started. */
function start(files: readonly NetworkdFile[]): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'micro-linux-networkd-'));
  try {
    for (const { name, content } of files) {
      writeFileSync(join(directory, name), content);
    }
    const inNamespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork'];
    return execFileSync(
      'unshare',
      [...inNamespaces, '--kill-child', 'sh', '-c', SCRIPT, NETWORKD, directory],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 28 },
    );
  } catch {
    return undefined;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
