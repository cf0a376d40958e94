import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { cancelled, MicroLinuxError } from '@micro-linux/core';
import { type StartTimer, wallTime } from './own-time.ts';

export interface AwaitSshdOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds for all tries together, by this clock; by the wall's without one. */
  readonly timeoutMs: number;
  readonly startTimer?: StartTimer | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PAUSE_MS = 300;
/**
 * A try that gets no banner: QEMU takes the connection before the guest has a network. A guest on a
 * busy host takes a while for its banner, too.
 */
const TRY_MS = 30_000;

/**
 * Resolves when an SSH server sends its banner. A refused or closed connection is tried again
 * after a pause: behind QEMU's forwarded port nothing tells when the guest begins to listen.
 *
 * @throws MicroLinuxError `ssh-unreachable`, `cancelled`.
 */
export async function awaitSshd(options: AwaitSshdOptions): Promise<void> {
  let late = false;
  const timer = (options.startTimer ?? wallTime)(options.timeoutMs, () => {
    late = true;
  });
  try {
    while (!late) {
      if (options.signal?.aborted) {
        throw cancelled('waiting for the SSH server was cancelled');
      }
      if (await sendsBanner(options, Math.min(TRY_MS, options.timeoutMs))) {
        return;
      }
      await pause(PAUSE_MS, undefined, { signal: options.signal }).catch(() => {
        throw cancelled('waiting for the SSH server was cancelled');
      });
    }
  } finally {
    timer.end();
  }
  throw new MicroLinuxError({
    code: 'ssh-unreachable',
    message: `no SSH server answered on ${options.host}:${options.port} within ${
      options.timeoutMs / 1000
    } s`,
  });
}

function sendsBanner(
  { host, port, signal }: AwaitSshdOptions,
  timeoutMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...(signal ? { signal } : {}) });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(timeoutMs, () => settle(false));
    socket.once('data', (bytes) => settle(bytes.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}
