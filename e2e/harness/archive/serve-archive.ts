import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve, sep } from 'node:path';
import { byteRange } from './byte-range.ts';

/**
 * Behavior of the mirror:
 * - `ok`: serves the archive;
 * - `refuse`: the port is closed;
 * - `not-found`: 404 for everything, as a mirror without this suite;
 * - `html`: status 200 and a web page for everything, as a captive portal;
 * - `truncate`: the connection drops in the middle of every .deb;
 * - `wrong-hash`: indexes that do not match the signed Release, as a mirror caught in its update.
 */
export type Fault = 'ok' | 'refuse' | 'not-found' | 'html' | 'truncate' | 'wrong-hash';

/** A running server. */
export interface ArchiveServer {
  /** Base address, without a slash at the end. */
  readonly url: string;
  /** Requested paths so far, in order, whatever the response was. */
  readonly requests: readonly string[];
  /** Number of requested paths that match. */
  count(pattern: RegExp): number;
  /** From the next request on. After `refuse`, the same port opens again. */
  setFault(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

/** Login that clients need. */
export interface ArchiveLogin {
  readonly name: string;
  readonly password: string;
}

/**
 * Serves a directory over HTTP on 127.0.0.1, on a free port.
 *
 * @param login required from every client, by basic authentication; none by default.
 */
export async function serveArchive(
  directory: string,
  firstFault: Fault = 'ok',
  login?: ArchiveLogin,
): Promise<ArchiveServer> {
  const authorization =
    login && `Basic ${Buffer.from(`${login.name}:${login.password}`).toString('base64')}`;
  const root = resolve(directory);
  const requests: string[] = [];
  let fault: Fault = 'ok';
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="archive"' }).end();
      return;
    }
    answer(root, fault, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;

  async function setFault(next: Fault): Promise<void> {
    fault = next;
    if (next === 'refuse') {
      await close(server);
    } else if (!server.listening) {
      await listen(server, port);
    }
  }
  await setFault(firstFault);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    count: (pattern) => requests.filter((path) => pattern.test(path)).length,
    setFault,
    close: () => close(server),
  };
}

async function answer(
  root: string,
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (fault === 'html') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>Log in</title><p>Please accept the terms of use.\n');
    return;
  }
  const file = fault === 'not-found' ? undefined : await fileOf(root, request.url ?? '');
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
    return;
  }
  const { size, mtime } = file;
  const headers = { 'last-modified': mtime.toUTCString(), 'accept-ranges': 'bytes' };
  if (request.headers['if-modified-since'] === headers['last-modified']) {
    response.writeHead(304, headers).end();
    return;
  }
  const sameFile = [undefined, headers['last-modified']].includes(ifRange(request));
  const range = sameFile ? byteRange(request.headers.range, size) : undefined;
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-type': 'application/octet-stream',
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const content = await readFile(file.path);
  if (fault === 'wrong-hash' && /\/Packages(\.\w+)?$/.test(file.path) && size > 0) {
    const middle = size >> 1;
    content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
  }
  const body = content.subarray(start, end + 1);
  if (fault === 'truncate' && file.path.endsWith('.deb')) {
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    return;
  }
  response.end(body);
}

function ifRange(request: IncomingMessage): string | undefined {
  const value = request.headers['if-range'];
  return Array.isArray(value) ? value[0] : value;
}

/** The regular file for a request path, never one outside the directory. */
async function fileOf(root: string, url: string) {
  const path = resolve(root, `.${decodeURIComponent(new URL(url, 'http://localhost').pathname)}`);
  if (!path.startsWith(root + sep)) {
    return undefined;
  }
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? { path, size: stats.size, mtime: stats.mtime } : undefined;
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      done();
    });
  });
}

async function close(server: Server): Promise<void> {
  if (!server.listening) {
    return;
  }
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
}
