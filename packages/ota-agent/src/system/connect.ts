import { connect as connectSocket } from 'node:net';
import { errnoOf } from '@micro-linux/core';

/** Result of an attempt to connect. */
export interface Connection {
  readonly connected: boolean;
  /** The greeting of the other side; empty when it sends nothing. */
  readonly greeting: string;
  /** Why there is no connection, e.g. `ECONNREFUSED`. */
  readonly problem?: string;
}

/** For the connection and the greeting together. */
const TIMEOUT_MS = 5000;

/**
 * Connects, waits for a greeting and disconnects; never rejects. A server that sends nothing for
 * five seconds counts as connected. sshd gets an identification, because it logs an error for a
 * client that disconnects without one.
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
