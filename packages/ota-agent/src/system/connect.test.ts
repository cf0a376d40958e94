import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './connect.ts';

/** A server on a free port; gives the port. */
async function serve(greet: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

it('reads the greeting of a server', async () => {
  const port = await serve((socket) => socket.write('220 mail\r\n'));
  expect(await connect('127.0.0.1', port)).toEqual({ connected: true, greeting: '220 mail\r\n' });
});

it('identifies itself to sshd', async () => {
  let heard = '';
  const port = await serve((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
    });
    socket.write('SSH-2.0-x\r\n');
  });
  expect(await connect('127.0.0.1', port)).toEqual({ connected: true, greeting: 'SSH-2.0-x\r\n' });
  await expect.poll(() => heard).toBe('SSH-2.0-ota-agent\r\n');
});

it('is connected when the server closes without a greeting', async () => {
  const port = await serve((socket) => socket.end());
  expect(await connect('127.0.0.1', port)).toMatchObject({ connected: true, greeting: '' });
});

it('stops waiting for a server that sends nothing', async () => {
  const port = await serve(() => undefined);
  expect(await connect('127.0.0.1', port)).toEqual({ connected: true, greeting: '' });
});

it('says why there is no connection', async () => {
  // Port 1 (tcpmux): no test can have opened it.
  expect(await connect('127.0.0.1', 1)).toEqual({
    connected: false,
    greeting: '',
    problem: 'ECONNREFUSED',
  });
});
