import { createServer, type Socket } from 'node:net';

/** A unix socket that waits for one connection. */
export interface Listener {
  readonly path: string;
  /** The first connection; later ones are refused. Never settles if none comes. */
  readonly connection: Promise<Socket>;
  /** Stops listening; keeps an accepted connection. */
  close(): void;
}

/**
 * Listens on a new unix socket for a program that connects to it when it starts, so no retries are
 * needed. Paths longer than 107 bytes are refused by the kernel.
 */
export async function listenOnce(path: string): Promise<Listener> {
  const connection = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    server.close();
    connection.resolve(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return { path, connection: connection.promise, close: () => void server.close() };
}
