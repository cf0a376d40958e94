import { connect as connectSocket } from 'node:net';
import { errnoOf } from '@micro-linux/core';

/** Result of an attempt to connect. */
export interface Connection {
  readonly connected: boolean;
  /** What the other side said first; empty when it waits to be spoken to. */
  readonly greeting: string;
  /** Why there is no connection, e.g. `ECONNREFUSED`. */
  readonly problem?: string;
}

/** For the connection and the greeting together. */
const TIMEOUT_MS = 5000;

/**
 * Connects, waits for the first words and hangs up; never rejects. A server that says nothing is
 * given up on after five seconds, and counts as connected. sshd is told who was there: it logs an
 * error when somebody leaves without a word.
 */
export async function connect(host: string, port: number): Promise<Connection> {
  return new Promise((resolve) => {
    let connected = false;
    const socket = connectSocket({ host, port });
    const end = (connection: Connection) => {
      socket.destroy();
      resolve(connection);
    };
    socket.setTimeout(TIMEOUT_MS, () =>
      end({ connected, greeting: '', ...(connected ? {} : { problem: 'ETIMEDOUT' }) }),
    );
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('data', (bytes) => {
      const greeting = bytes.toString('latin1');
      const hangUp = () => end({ connected: true, greeting });
      if (greeting.startsWith('SSH-')) {
        socket.write('SSH-2.0-ota-agent\r\n', hangUp);
      } else {
        hangUp();
      }
    });
    socket.once('end', () => end({ connected: true, greeting: '' }));
    socket.once('error', (error) => {
      end({ connected, greeting: '', problem: errnoOf(error) ?? error.message });
    });
  });
}
