import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { cancelled, MicroLinuxError } from '@micro-linux/core';
import { type StartTimer, wallTime } from './own-time.ts';

export interface AwaitSshdOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds for all attempts together, by this clock; real time by default. */
  readonly timeoutMs: number;
  readonly startTimer?: StartTimer | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PAUSE_MS = 300;
/**
 * An attempt that gets no banner: QEMU accepts the connection before the guest has a network, and a
 * guest on a busy host is slow to send its banner.
 */
const TRY_MS = 30_000;

/**
 * Resolves when an SSH server sends its banner. Retries a refused or closed connection after a
 * pause: QEMU's forwarded port does not show when the guest begins to listen.
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
