import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroLinuxError, run } from '@micro-linux/core';

/** A peer that is ready to install the same image once. */
export interface Peer {
  readonly name: string;
  /** @returns seconds. */
  install(): Promise<number>;
}

/** A peer, or why there is none; never silently left out. */
export type PeerOrReason = Peer | { readonly name: string; readonly skipped: string };

interface PeerOptions {
  readonly directory: string;
  readonly image: string;
  readonly target: string;
}

/** casync: a local chunk store, extracted onto the target, then synced. */
export async function casync(options: PeerOptions): Promise<PeerOrReason> {
  const name = 'casync extract + sync';
  return orReason(name, async () => {
    await installed('casync');
    const store = join(options.directory, 'casync.castr');
    const index = join(options.directory, 'slot.caibx');
    await run('casync', ['make', `--store=${store}`, index, options.image]);
    const { target } = options;
    return {
      name,
      async install() {
        const startedAt = performance.now();
        await run('casync', ['extract', `--store=${store}`, index, target]);
        await run('sync', [target]);
        return (performance.now() - startedAt) / 1000;
      },
    };
  });
}

/** RAUC: a plain bundle with a raw image. */
export async function rauc(options: PeerOptions): Promise<PeerOrReason> {
  const name = 'rauc install';
  return orReason(name, async () => {
    await installed('rauc');
    await installed('dbus-run-session', 'dbus');
    await installed('mksquashfs', 'squashfs-tools');
    const at = (path: string) => join(options.directory, path);
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=bench'],
      ...['-keyout', at('rauc.key'), '-out', at('rauc.crt')],
    ]);
    await mkdir(at('bundle'), { recursive: true });
    await copyFile(options.image, at('bundle/slot.img'));
    await writeFile(
      at('bundle/manifest.raucm'),
      '[update]\ncompatible=bench\nversion=1\n[bundle]\nformat=plain\n[image.rootfs]\nfilename=slot.img\n',
    );
    await run('rauc', [
      ...['bundle', `--cert=${at('rauc.crt')}`, `--key=${at('rauc.key')}`],
      ...[at('bundle'), at('slot.raucb')],
    ]);
    await writeFile(at('other'), '');
    await writeFile(
      at('system.conf'),
      `[system]\ncompatible=bench\nbootloader=noop\nstatusfile=${at('rauc.status')}\n[keyring]\npath=${at('rauc.crt')}\n[slot.rootfs.0]\ndevice=${at('other')}\ntype=raw\nbootname=A\n[slot.rootfs.1]\ndevice=${options.target}\ntype=raw\nbootname=B\n`,
    );
    await writeFile(at('install.sh'), installScript(at));
    return {
      name,
      async install() {
        const result = await run('dbus-run-session', ['--', 'sh', at('install.sh')], {
          timeoutMs: 300_000,
        });
        const [, start, end] = /^seconds (\S+) (\S+)$/m.exec(result.stdout) ?? [];
        return Number(end) - Number(start);
      },
    };
  });
}

/** Starts RAUC's service on a bus of its own, installs, and prints when that began and ended. */
function installScript(at: (path: string) => string): string {
  return [
    'export DBUS_STARTER_BUS_TYPE=session',
    `rauc --conf=${at('system.conf')} --override-boot-slot=A service >${at('rauc.log')} 2>&1 &`,
    'server=$!',
    'tries=50',
    'until rauc status >/dev/null 2>&1 || [ "$tries" = 0 ]; do tries=$((tries - 1)); sleep 0.1; done',
    'start=$(date +%s.%N)',
    `rauc install ${at('slot.raucb')} >&2`,
    'status=$?',
    'end=$(date +%s.%N)',
    'kill "$server"',
    'echo "seconds $start $end"',
    'exit "$status"',
    '',
  ].join('\n');
}

/** Installs a Debian package if its program is missing. */
async function installed(program: string, debianPackage = program): Promise<void> {
  try {
    await run('sh', ['-c', `command -v ${program}`]);
  } catch {
    await run('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}

async function orReason(name: string, prepare: () => Promise<Peer>): Promise<PeerOrReason> {
  try {
    return await prepare();
  } catch (error) {
    const why = error instanceof MicroLinuxError ? (error.why ?? error.message) : String(error);
    return { name, skipped: why };
  }
}
