import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenOnce } from './listen-once.ts';
import { QmpClient } from './qmp.ts';

/** The greeting of QEMU 7.2. */
const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": ["oob"]}}';

let directory: string;
let qemu: Socket;
let client: QmpClient;
let received: unknown[];
/** How the fake QEMU answers a command. */
let answer: (command: { execute: string; id: number }) => void;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'micro-linux-test-'));
  const listener = await listenOnce(join(directory, 'qmp.sock'));
  qemu = connect(listener.path);
  received = [];
  answer = ({ id }) => say({ return: {}, id });
  createInterface({ input: qemu }).on('line', (line) => {
    const command = JSON.parse(line) as { execute: string; id: number };
    received.push(command);
    answer(command);
  });
  qemu.write(`${GREETING}\r\n`);
  client = await QmpClient.connect(await listener.connection);
});
afterEach(async () => {
  qemu.destroy();
  await rm(directory, { recursive: true, force: true });
});

function say(message: object): void {
  qemu.write(`${JSON.stringify(message)}\r\n`);
}

test('answers the greeting before any command', () => {
  expect(received).toEqual([{ execute: 'qmp_capabilities', arguments: {}, id: 1 }]);
});

test('matches replies to commands, in any order and in pieces', async () => {
  const held: number[] = [];
  answer = ({ id }) => {
    held.push(id);
    if (held.length === 2) {
      say({ return: 'second', id: held[1] });
      const text = `${JSON.stringify({ return: 'first', id: held[0] })}\r\n`;
      qemu.write(text.slice(0, 9));
      setTimeout(() => qemu.write(text.slice(9)), 50);
    }
  };
  await expect(Promise.all([client.execute('one'), client.execute('two')])).resolves.toEqual([
    'first',
    'second',
  ]);
});

test('a command that QEMU refuses is an error with its reason', async () => {
  answer = ({ id }) => say({ error: { class: 'CommandNotFound', desc: 'no such command' }, id });
  await expect(client.execute('dance')).rejects.toMatchObject({
    code: 'qmp-failed',
    message: 'QEMU refused dance',
    why: 'no such command',
  });
});

test('a closed connection ends pending and later commands', async () => {
  answer = () => qemu.destroy();
  await expect(client.execute('quit')).rejects.toMatchObject({ code: 'qmp-closed' });
  await expect(client.execute('again')).rejects.toMatchObject({ code: 'qmp-closed' });
  await expect(client.nextEvent('RESET', { timeoutMs: 600_000 })).rejects.toMatchObject({
    code: 'qmp-closed',
  });
});

test('delivers events to waiters by name', async () => {
  const wait = client.nextEvent('SHUTDOWN', { timeoutMs: 600_000 });
  say({ event: 'RESET', data: { guest: true }, timestamp: { seconds: 1, microseconds: 2 } });
  say({ event: 'SHUTDOWN', data: { guest: true, reason: 'guest-shutdown' }, timestamp: {} });
  await expect(wait).resolves.toEqual({
    event: 'SHUTDOWN',
    data: { guest: true, reason: 'guest-shutdown' },
  });
});

test('a missing event is a timeout', async () => {
  await expect(client.nextEvent('SHUTDOWN', { timeoutMs: 10 })).rejects.toMatchObject({
    code: 'qmp-timeout',
  });
});

test('ignores what is not a QMP message', async () => {
  qemu.write('not json\r\n{"strange": true}\r\n');
  await expect(client.execute('query-status')).resolves.toEqual({});
});
